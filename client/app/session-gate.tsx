import { Button, Center, Modal, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useMemo, useState, useSyncExternalStore } from 'react';
import { DescriptionsProvider } from '../description/context.tsx';
import { SignOutDialog } from '../features/outbox/sign-out-dialog.tsx';
import { SignInForm } from '../features/sign-in/sign-in-form.tsx';
import { SignInPage } from '../features/sign-in/sign-in-page.tsx';
import { LocalDataContext } from '../local-db/context.ts';
import { LabContext } from './lab-context.ts';
import type { SessionStore, User } from './session.ts';
import { SessionContext } from './session-context.ts';
import type { SessionDataStore } from './session-data.ts';

interface SessionGateProps {
  readonly session: SessionStore;
  readonly sessionData: SessionDataStore;
  readonly children: ReactNode;
}

/** The sign-in page for nobody, the app for somebody. The address stays as it is meanwhile. */
export function SessionGate({ session, sessionData, children }: SessionGateProps) {
  const state = useSyncExternalStore(session.subscribe, session.current);
  const local = useSyncExternalStore(sessionData.subscribe, sessionData.current);

  if (state.kind === 'checking') return null;
  if (state.kind === 'signed-out') return <SignInPage onSignedIn={session.signedIn} />;
  if (local.kind === 'failed') return <OpeningFailed reason={local.reason} />;
  // Opening takes a fraction of a second: an empty page is calmer than a spinner that flashes.
  if (local.kind !== 'open' || local.userId !== state.user.id) return null;
  return (
    <LocalDataContext value={local.data} key={local.userId}>
      <DescriptionsProvider descriptions={local.descriptions}>
        <LabContext value={local.lab}>
          <SignedInApp session={session} user={state.user} erase={sessionData.erase}>
            {children}
          </SignedInApp>
        </LabContext>
      </DescriptionsProvider>
    </LocalDataContext>
  );
}

interface SignedInAppProps {
  readonly session: SessionStore;
  readonly user: User;
  readonly erase: () => Promise<void>;
  readonly children: ReactNode;
}

type OpenDialog = 'none' | 'sign-in' | 'sign-out';

function SignedInApp({ session, user, erase, children }: SignedInAppProps) {
  const [dialog, setDialog] = useState<OpenDialog>('none');
  const close = () => setDialog('none');
  const actions = useMemo(
    () => ({
      user,
      requestSignOut: () => setDialog('sign-out'),
      requestSignIn: () => setDialog('sign-in'),
    }),
    [user],
  );
  const signedIn = (next: User) => {
    close();
    session.signedIn(next);
  };
  const eraseAndSignOut = async () => {
    await erase();
    await session.signOut();
  };
  return (
    <SessionContext value={actions}>
      {children}
      <Modal opened={dialog === 'sign-in'} onClose={close} title="Sign in again" centered>
        <SignInForm email={user.email} onSignedIn={signedIn} />
      </Modal>
      {dialog === 'sign-out' && (
        <SignOutDialog onStay={close} onKeep={() => void session.signOut()} onErase={eraseAndSignOut} />
      )}
    </SessionContext>
  );
}

function OpeningFailed({ reason }: { readonly reason: string }) {
  return (
    <Center mih="100dvh" p="md">
      <Stack maw={440} gap="sm">
        <Title order={2} fz={20}>
          Your data on this device cannot be opened
        </Title>
        <Text>
          Nothing was deleted. Close other tabs of Rejoin, then reload. If it stays so, check that this
          browser may store data and that the disk is not full.
        </Text>
        <Text c="dimmed" fz="sm">
          {reason}
        </Text>
        <Button onClick={() => window.location.reload()} w="fit-content">
          Reload
        </Button>
      </Stack>
    </Center>
  );
}
