import { RichTextEditor } from '@mantine/tiptap';
import { type Editor, useEditor } from '@tiptap/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { isSafeUrl } from '../../shared/description/safe-url.ts';
import { personColour } from '../ui/person-colour.ts';
import { useDescriptions } from './context.tsx';
import { editorExtensions } from './editor-extensions.ts';
import { type InsertImages, pickImages } from './insert-images.ts';
import type { MentionSource } from './mention-source.ts';
import type { Person } from './people.ts';
import { SelectionMenu } from './selection-menu.tsx';
import type { Session } from './session.ts';
import { TableMenu } from './table-menu.tsx';
import { modifierOf, Toolbar, toolbarLabels } from './toolbar.tsx';
import '@mantine/tiptap/styles.css';
import './surface.css';

export interface SurfaceProps {
  session: Session;
  editable: boolean;
  user: Person;
  mentions: MentionSource | undefined;
  onOpenTicket: ((ticketId: string) => void) | undefined;
  /** The document cannot be shown as it is. */
  onBroken: () => void;
}

/** The editor itself: the text, its toolbar and its menus. Loaded when the first description is opened. */
export default function Surface(props: SurfaceProps) {
  const { session, editable, onOpenTicket } = props;
  const [linkOpened, setLinkOpened] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const toolbar = useRef<HTMLDivElement>(null);
  const insert = useInsertImages(session, setProblem);
  const editor = useDescriptionEditor(props, insert, {
    openLink: () => setLinkOpened(true),
    focusToolbar: () => toolbar.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus(),
  });
  const modifier = modifierOf(navigator.platform);
  const labels = useMemo(() => toolbarLabels(modifier), [modifier]);
  return (
    <RichTextEditor editor={editor} labels={labels} variant="subtle" withCodeHighlightStyles={false}>
      {editable && (
        <>
          <Toolbar
            ref={toolbar}
            editor={editor}
            modifier={modifier}
            linkOpened={linkOpened}
            onLinkOpened={setLinkOpened}
            onImage={() => pickImages(editor, insert)}
          />
          <SelectionMenu editor={editor} onLink={() => setLinkOpened(true)} onOpenTicket={onOpenTicket} />
          <TableMenu editor={editor} />
        </>
      )}
      {problem !== null && <Problem words={problem} onClose={() => setProblem(null)} />}
      <RichTextEditor.Content />
    </RichTextEditor>
  );
}

function Problem({ words, onClose }: { words: string; onClose: () => void }) {
  return (
    <p role="alert" className="description-problem">
      <span>{words}</span>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </p>
  );
}

function useInsertImages(session: Session, onProblem: (words: string) => void): InsertImages {
  const { images } = useDescriptions();
  return useMemo(
    () => ({ ticketId: session.ticketId, images, onProblem }),
    [session.ticketId, images, onProblem],
  );
}

interface Reach {
  readonly openLink: () => void;
  readonly focusToolbar: () => void;
}

function useDescriptionEditor(props: SurfaceProps, insert: InsertImages, reach: Reach): Editor {
  const { session, editable, user, mentions, onOpenTicket, onBroken } = props;
  const editor = useEditor(
    {
      extensions: editorExtensions({ session, user, mentions, insert, onOpenTicket, ...reach }),
      editable,
      enableContentCheck: true,
      onContentError: onBroken,
      editorProps: {
        attributes: { 'aria-label': 'Description', 'aria-multiline': 'true', role: 'textbox' },
        handleDOMEvents: {
          click: (_view, event) => openTicket(event, onOpenTicket) || openLink(event),
        },
      },
    },
    [session],
  );
  useEffect(() => {
    editor.setEditable(editable, false);
  }, [editor, editable]);
  useAnnounced(session, user);
  return editor;
}

/** Shows the others that this person is here, for as long as the editor is. */
function useAnnounced({ awareness }: Session, { id, name }: Person): void {
  useEffect(() => {
    awareness.setLocalState({ user: { id, name, color: personColour(id) } });
    return () => awareness.setLocalState(null);
  }, [awareness, id, name]);
}

/** A mentioned ticket opens with a click, also while one writes: there is nothing in it to put the caret into. */
function openTicket(event: MouseEvent, onOpen: ((ticketId: string) => void) | undefined): boolean {
  if (!onOpen || event.ctrlKey || event.metaKey || !(event.target instanceof Element)) return false;
  const id = event.target.closest('[data-mention="ticketMention"]')?.getAttribute('data-id');
  if (!id) return false;
  event.preventDefault();
  onOpen(id);
  return true;
}

/** A link opens with Ctrl or Cmd while one writes, as in other editors; a reader's browser does it by itself. */
function openLink(event: MouseEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || !(event.target instanceof Element)) return false;
  const href = event.target.closest('a')?.getAttribute('href');
  if (!href || !isSafeUrl(href)) return false;
  event.preventDefault();
  window.open(href, '_blank', 'noopener,noreferrer');
  return true;
}
