import { RichTextEditor } from '@mantine/tiptap';
import { type Editor, useEditor } from '@tiptap/react';
import { useEffect, useLayoutEffect, useMemo, useReducer, useState } from 'react';
import { isSafeUrl } from '../../shared/description/safe-url.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { personColour } from '../ui/person-colour.ts';
import { useObservable, useSession } from './context.tsx';
import { editorExtensions } from './editor-extensions.ts';
import type { Person } from './people.ts';
import { DescriptionPresence } from './presence.tsx';
import type { SaveState as State } from './save-state.ts';
import { SaveState } from './save-state-line.tsx';
import type { Session } from './session.ts';
import { modifierOf, Toolbar, toolbarLabels } from './toolbar.tsx';
import { wordsOf } from './unknown-content.ts';
import '@mantine/tiptap/styles.css';
import './description.css';

interface DescriptionEditorProps {
  ticketId: string;
  /** Whether this person may write here. */
  editable: boolean;
  /** Why not, in a sentence. */
  readOnlyReason?: string | undefined;
  user: Person;
}

/** A ticket's description: read, written together, kept on this device, with who is here and whether it is saved. */
export function DescriptionEditor({ ticketId, editable, readOnlyReason, user }: DescriptionEditorProps) {
  const session = useSession(ticketId);
  return (
    <section className="description" aria-label="Description">
      <header className="description-header">
        <h2>Description</h2>
        <DescriptionPresence ticketId={ticketId} userId={user.id} />
        {editable ? <SaveState ticketId={ticketId} /> : <ReadOnlyNote reason={readOnlyReason} />}
      </header>
      <div className="description-body">
        {session && <Opened key={ticketId} session={session} editable={editable} user={user} />}
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
}

function Opened({ session, editable, user }: OpenedProps) {
  const loaded = useObservable(session.loaded);
  const beyondUs = useObservable(session.beyondUs);
  const saveState = useObservable(session.saveState);
  const [broken, setBroken] = useState(false);
  if (!loaded) return null;
  if (beyondUs || broken) return <WordsOnly session={session} />;
  return (
    <Surface
      session={session}
      editable={editable && takesText(saveState)}
      user={user}
      onBroken={() => setBroken(true)}
    />
  );
}

/** Whether what is written can still reach the server some day. */
const takesText = (state: State): boolean =>
  state.kind !== 'read-only' && (state.kind !== 'refused' || state.canWrite);

interface SurfaceProps extends OpenedProps {
  onBroken: () => void;
}

function Surface({ session, editable, user, onBroken }: SurfaceProps) {
  const [linkOpened, setLinkOpened] = useState(false);
  const editor = useEditor(
    {
      extensions: editorExtensions(session, user, () => setLinkOpened(true)),
      editable,
      enableContentCheck: true,
      onContentError: onBroken,
      editorProps: {
        attributes: { 'aria-label': 'Description', 'aria-multiline': 'true', role: 'textbox' },
        handleClick: (_view, _position, event) => openLink(event),
      },
    },
    [session],
  );
  useEffect(() => {
    editor.setEditable(editable, false);
  }, [editor, editable]);
  useGuard(session, editor);
  useAnnounced(session, user);
  const modifier = modifierOf(navigator.platform);
  const labels = useMemo(() => toolbarLabels(modifier), [modifier]);
  return (
    <RichTextEditor editor={editor} labels={labels} variant="subtle" withCodeHighlightStyles={false}>
      {editable && (
        <Toolbar editor={editor} modifier={modifier} linkOpened={linkOpened} onLinkOpened={setLinkOpened} />
      )}
      <RichTextEditor.Content />
    </RichTextEditor>
  );
}

/** The editor must be gone before its binding sees what it does not know: it would delete it (D7). */
function useGuard(session: Session, editor: Editor): void {
  useLayoutEffect(
    () =>
      session.beyondUs.subscribe(() => {
        editor.destroy();
      }),
    [session, editor],
  );
}

/** Shows the others that this person is here, for as long as the editor is. */
function useAnnounced({ awareness }: Session, { id, name }: Person): void {
  useEffect(() => {
    awareness.setLocalState({ user: { id, name, color: personColour(id) } });
    return () => awareness.setLocalState(null);
  }, [awareness, id, name]);
}

/** A link opens with Ctrl or Cmd while one writes, as in other editors; a reader's browser does it by itself. */
function openLink(event: MouseEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || !(event.target instanceof Element)) return false;
  const href = event.target.closest('a')?.getAttribute('href');
  if (!href || !isSafeUrl(href)) return false;
  window.open(href, '_blank', 'noopener,noreferrer');
  return true;
}

/** What a newer Rejoin wrote, as far as this one can show it: the words, untouched, not to be edited (D7). */
function WordsOnly({ session: { doc, fragment } }: { session: Session }) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    doc.on('update', redraw);
    return () => doc.off('update', redraw);
  }, [doc]);
  return (
    <div className="description-words">
      <p role="status" className="description-words-note">
        {CLOSE.editorTooOld.words} Until then you can read its words.
      </p>
      <pre className="description-words-text">{wordsOf(fragment).join('\n')}</pre>
    </div>
  );
}
