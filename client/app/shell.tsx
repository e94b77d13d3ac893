import { ActionIcon, AppShell, Drawer, Tooltip } from '@mantine/core';
import { useDisclosure, useHotkeys, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconLayoutSidebar, IconMenu2 } from '@tabler/icons-react';
import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useDescriptions } from '../description/context.tsx';
import { NewTicketDialog } from '../features/create/new-ticket-dialog.tsx';
import { StorageWatch } from '../features/sync/storage-watch.tsx';
import { SyncChip } from '../features/sync/sync-chip.tsx';
import { useProjects } from '../local-db/hooks.ts';
import { usePermit } from '../local-db/use-permissions.ts';
import { NewTicketContext } from './new-ticket-context.ts';
import { useSession } from './session-context.ts';
import classes from './shell.module.css';
import { ShellNavigation } from './shell-navigation.tsx';
import { UserMenu } from './user-menu.tsx';

const HEADER_PX = 44;
const NAVIGATION_PX = 232;
const PHONE = '(max-width: 47.99em)';

/** What stands around every screen: navigation at the left, state and person at the top right. */
export function Shell() {
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
  const [collapsed, setCollapsed] = useLocalStorage({
    key: 'rejoin.navigation-collapsed',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [drawer, { open: openDrawer, close: closeDrawer }] = useDisclosure(false);
  const { openNewTicket, dialog } = useNewTicketDialog();
  const toggle = () => (phone ? openDrawer() : setCollapsed(!collapsed));
  useHotkeys([
    ['c', () => !document.querySelector('[role="dialog"]') && openNewTicket?.()],
    ['[', toggle],
  ]);
  const navigation = <ShellNavigation onNewTicket={openNewTicket} onFollow={closeDrawer} />;
  return (
    <NewTicketContext value={openNewTicket}>
      <AppShell
        header={{ height: HEADER_PX }}
        navbar={{ width: NAVIGATION_PX, breakpoint: 'sm', collapsed: { mobile: true, desktop: collapsed } }}
        layout="alt"
        transitionDuration={120}
      >
        <a href="#main" className={classes.skip}>
          Skip to content
        </a>
        <AppShell.Header className={classes.header}>
          <NavigationToggle phone={phone} shown={!phone && !collapsed} onToggle={toggle} />
          <span className={classes.headerRight}>
            <SyncSlot />
            <UserMenu />
          </span>
        </AppShell.Header>
        {!phone && <AppShell.Navbar className={classes.navbar}>{navigation}</AppShell.Navbar>}
        <AppShell.Main className={classes.main}>
          <div id="main" tabIndex={-1} className={classes.screen}>
            <Outlet />
          </div>
        </AppShell.Main>
      </AppShell>
      <Drawer
        opened={phone && drawer}
        onClose={closeDrawer}
        size={280}
        title="Rejoin"
        padding="sm"
        classNames={{ body: classes.drawerBody }}
        closeButtonProps={{ 'aria-label': 'Hide navigation' }}
      >
        {navigation}
      </Drawer>
      {dialog}
    </NewTicketContext>
  );
}

function SyncSlot() {
  const { requestSignIn } = useSession();
  return (
    <>
      <SyncChip onSignIn={requestSignIn} />
      <StorageWatch />
    </>
  );
}

interface NavigationToggleProps {
  phone: boolean;
  shown: boolean;
  onToggle: () => void;
}

function NavigationToggle({ phone, shown, onToggle }: NavigationToggleProps) {
  const words = shown ? 'Hide navigation' : 'Show navigation';
  return (
    <Tooltip label={`${words}  [`}>
      <ActionIcon aria-label={words} aria-expanded={shown} onClick={onToggle} size={phone ? 36 : 28}>
        {phone ? <IconMenu2 size={18} aria-hidden /> : <IconLayoutSidebar size={18} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

/** The dialog for a new ticket, in the project on screen or else the first where this person may create. */
function useNewTicketDialog() {
  const [opened, { open, close }] = useDisclosure(false);
  const { key } = useParams({ strict: false });
  const projects = useProjects().rows;
  const permit = usePermit();
  const navigate = useNavigate();
  const { seedDescription } = useDescriptions();
  const creatable = useMemo(
    () => projects.filter((project) => permit('ticket.create', { projectId: project.id }).allowed),
    [projects, permit],
  );
  const here = projects.find((project) => project.key === key);
  const target = here ? creatable.find((project) => project.id === here.id) : creatable[0];
  const dialog = opened && target && (
    <NewTicketDialog
      projects={creatable}
      initialProjectId={target.id}
      seedDescription={(ticketId, markdown) => seedDescription(ticketId, { kind: 'markdown', markdown })}
      onCreated={(id) => void navigate({ to: '/t/$id', params: { id } })}
      onClose={close}
    />
  );
  return { openNewTicket: target ? open : undefined, dialog };
}
