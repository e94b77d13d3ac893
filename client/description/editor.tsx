import { type ReactNode, Suspense, useLayoutEffect, useState } from 'react';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { loadLater } from '../ui/load-later.tsx';
import { useObservable, useSession } from './context.tsx';
import type { MentionSource } from './mention-source.ts';
import type { Person } from './people.ts';
import { DescriptionPresence } from './presence.tsx';
import type { SaveState as State } from './save-state.ts';
import { SaveState } from './save-state-line.tsx';
import type { Session } from './session.ts';
import type { SurfaceProps } from './surface.tsx';
import { WithoutEditor } from './without-editor.tsx';
import './description.css';

/** Most of the app's code is the editor's: the list must not wait for it. */
const Surface = loadLater<SurfaceProps>(
  () => import('./surface.tsx'),
  ({ session }) => <WithoutEditor session={session} why="unloaded" />,
);

interface DescriptionEditorProps {
  ticketId: string;
  /** Whether this person may write here. */
  editable: boolean;
  /** Why not, in a sentence. */
  readOnlyReason?: string | undefined;
  user: Person;
  /** Whom and what "@" and "#" find; without it they are ordinary signs. */
  mentions?: MentionSource;
  /** Follows a mentioned ticket. */
  onOpenTicket?: (ticketId: string) => void;
  /** What else can be done with it, at the end of its heading. */
  actions?: ReactNode;
}

/** A ticket's description: read, written together, kept on this device, with who is here and whether it is saved. */
export function DescriptionEditor(props: DescriptionEditorProps) {
  const { ticketId, editable, readOnlyReason, user, mentions, onOpenTicket, actions } = props;
  const session = useSession(ticketId);
  return (
    <section className="description" aria-label="Description">
      <header className="description-header">
        <h2>Description</h2>
        <DescriptionPresence ticketId={ticketId} userId={user.id} />
        {editable ? <SaveState ticketId={ticketId} /> : <ReadOnlyNote reason={readOnlyReason} />}
        {actions}
      </header>
      <div className="description-body">
        {session && (
          <Suspense>
            <Opened key={ticketId} {...{ session, editable, user, mentions, onOpenTicket }} />
          </Suspense>
        )}
      </div>
    </section>
  );
}

function ReadOnlyNote({ reason = CLOSE.readOnly.words }: { reason: string | undefined }) {
  return <span className="description-save-state">{reason}</span>;
}

interface OpenedProps {
  session: Session;
  editable: boolean;
  user: Person;
  mentions: MentionSource | undefined;
  onOpenTicket: ((ticketId: string) => void) | undefined;
}

function Opened({ session, editable, ...rest }: OpenedProps) {
  const loaded = useObservable(session.loaded);
  const arrived = useObservable(session.arrived);
  const beyondUs = useObservable(session.beyondUs);
  const turn = useObservable(session.turn);
  const saveState = useObservable(session.saveState);
  const [broken, setBroken] = useState(false);
  const mayWrite = editable && takesText(saveState);
  // Before anything is painted: what has to be mended first should not be seen broken.
  useLayoutEffect(() => session.setMayWrite(mayWrite), [session, mayWrite]);
  if (!loaded) return null;
  if (beyondUs !== 'no') return <WithoutEditor session={session} why={beyondUs} />;
  if (broken) return <WithoutEditor session={session} why="damaged" />;
  if (!arrived) return <OnItsWay />;
  return (
    <Surface key={turn} session={session} editable={mayWrite} onBroken={() => setBroken(true)} {...rest} />
  );
}

/** Seen only when it takes a moment. */
function OnItsWay() {
  return (
    <p role="status" className="description-on-its-way">
      Getting the description…
    </p>
  );
}

/** Whether what is written can still reach the server some day. */
const takesText = (state: State): boolean =>
  state.kind !== 'read-only' && (state.kind !== 'refused' || state.canWrite);
