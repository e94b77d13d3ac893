import { Button } from '@mantine/core';
import { IconAlertCircle, IconCheck, IconDeviceLaptop, IconLock, IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useObservable, useSession } from './context.tsx';
import { type SaveState as State, saveStateWords } from './save-state.ts';
import type { Session } from './session.ts';

/** "Saved", "Saving…", "Saved on this device", or why not: an icon and words. */
export function SaveState({ ticketId }: { ticketId: string }) {
  const session = useSession(ticketId);
  return session && <SaveStateLine session={session} />;
}

function SaveStateLine({ session }: { session: Session }) {
  const state = useCalm(useObservable(session.saveState));
  const arrived = useObservable(session.arrived);
  if (!arrived) return null;
  return (
    <span className="description-save-state" data-state={state.kind}>
      {iconOf(state)}
      <span role={isRoutine(state) ? undefined : 'status'}>{saveStateWords(state)}</span>
      {state.kind === 'refused' && state.canWrite && (
        <Button variant="subtle" size="compact-xs" onClick={session.retry}>
          Try again
        </Button>
      )}
    </span>
  );
}

/** These come and go while one types: a screen reader should not say them each time. */
const isRoutine = ({ kind }: State): boolean => kind === 'saved' || kind === 'saving';

const CALM_MS = 600;

/** Says "Saved" a moment late instead of flickering at every key. Never early. */
function useCalm(state: State): State {
  const [shown, setShown] = useState(state);
  useEffect(() => {
    const delay = state.kind === 'saved' ? CALM_MS : 0;
    const timer = setTimeout(() => setShown(state), delay);
    return () => clearTimeout(timer);
  }, [state]);
  return state.kind === 'saved' ? shown : state;
}

function iconOf({ kind }: State) {
  switch (kind) {
    case 'saved':
      return <IconCheck size={14} aria-hidden />;
    case 'saving':
      return <IconRefresh size={14} aria-hidden />;
    case 'kept':
      return <IconDeviceLaptop size={14} aria-hidden />;
    case 'read-only':
      return <IconLock size={14} aria-hidden />;
    case 'not-kept':
    case 'refused':
      return <IconAlertCircle size={14} aria-hidden />;
    default:
      return kind satisfies never;
  }
}
