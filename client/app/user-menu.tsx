import { type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { PersonAvatar } from '../ui/person-avatar.tsx';
import { useSession } from './session-context.ts';
import classes from './shell.module.css';

const SCHEMES: readonly { scheme: MantineColorScheme; words: string; Icon: typeof IconSun }[] = [
  { scheme: 'light', words: 'Light', Icon: IconSun },
  { scheme: 'dark', words: 'Dark', Icon: IconMoon },
  { scheme: 'auto', words: 'As the system', Icon: IconDeviceDesktop },
];

/** Who is signed in, how it looks, and the way out. */
export function UserMenu() {
  const { user, requestSignOut } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={classes.userButton} aria-label={`Account of ${user.name}`}>
          <PersonAvatar id={user.id} name={user.name} size={26} labelled={false} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.account}>
          <span className={classes.accountName}>{user.name}</span>
          <span className={classes.accountEmail}>{user.email}</span>
        </div>
        <Menu.Divider />
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(({ scheme, words, Icon }) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={scheme === colorScheme}
            leftSection={<Icon size={15} aria-hidden />}
            rightSection={scheme === colorScheme && <IconCheck size={14} aria-hidden />}
            onClick={() => setColorScheme(scheme)}
          >
            {words}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} aria-hidden />} onClick={requestSignOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
