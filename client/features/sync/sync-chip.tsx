import { Popover, UnstyledButton } from '@mantine/core';
import {
  IconCloudCheck,
  IconCloudOff,
  IconCloudUp,
  IconCloudX,
  IconLogin2,
  IconRefresh,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useSyncState } from '../../local-db/context.ts';
import type { SyncState } from '../../local-db/sync-state.ts';
import classes from './sync.module.css';
import { SyncMenu } from './sync-menu.tsx';
import { chipWords } from './sync-words.ts';
import { useNow } from './use-now.ts';

/** Always visible: how this device stands with the server. Click: what waits, what was answered, work offline. */
export function SyncChip({ onSignIn }: { readonly onSignIn: () => void }) {
  const state = useSyncState();
  const now = useNow(state.kind === 'unreachable');
  const words = chipWords(state, now);
  const [opened, setOpened] = useState(false);
  const signIn = () => {
    setOpened(false);
    onSignIn();
  };
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width={340}
      position="bottom-end"
      withinPortal
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.chip}
          data-state={state.kind}
          aria-label={`Sync: ${words}`}
          onClick={() => setOpened(!opened)}
        >
          <ChipIcon kind={state.kind} />
          <span className={classes.chipWords}>{words}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Sync">
        <SyncMenu state={state} onSignIn={signIn} onLeave={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

const ICONS: Record<SyncState['kind'], typeof IconCloudCheck> = {
  'needs-sign-in': IconLogin2,
  offline: IconCloudOff,
  unreachable: IconCloudX,
  connecting: IconRefresh,
  'first-download': IconRefresh,
  sending: IconCloudUp,
  synced: IconCloudCheck,
};

function ChipIcon({ kind }: { readonly kind: SyncState['kind'] }) {
  const Icon = ICONS[kind];
  return <Icon size={16} stroke={1.6} aria-hidden />;
}
