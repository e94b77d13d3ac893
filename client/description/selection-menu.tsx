import { Button, Kbd } from '@mantine/core';
import { RichTextEditor } from '@mantine/tiptap';
import { IconLink } from '@tabler/icons-react';
import { type Editor, isTextSelection } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import { BubbleMenu } from '@tiptap/react/menus';
import { ImageWords } from './image-words.tsx';
import { type SelectedTicket, selectedNode } from './selected-node.ts';

interface SelectionMenuProps {
  editor: Editor;
  onLink: () => void;
  onOpenTicket: ((ticketId: string) => void) | undefined;
}

/**
 * What can be done with the selected words, beside them; for a selected image, what it shows in words; for a
 * mentioned ticket, the way to it.
 */
export function SelectionMenu({ editor, onLink, onOpenTicket }: SelectionMenuProps) {
  const selected = useEditorState({ editor, selector: () => selectedIn(editor) });
  return (
    <>
      <BubbleMenu
        editor={editor}
        className="description-bubble"
        role="toolbar"
        aria-label={LABELS[selected?.kind ?? 'words']}
        updateDelay={120}
        shouldShow={() => editor.isEditable && (selectedIn(editor) !== null || hasSelectedWords(editor))}
        options={{ placement: 'top', offset: 8 }}
      >
        {selected === null && <WordControls onLink={onLink} />}
        {selected?.kind === 'image' && <ImageWords key={selected.at} editor={editor} image={selected} />}
        {selected?.kind === 'ticket' && onOpenTicket && (
          <OpenTicket ticket={selected} onOpen={onOpenTicket} />
        )}
      </BubbleMenu>
      <span role="status" className="description-heard">
        {selected?.kind === 'ticket' && onOpenTicket && `${selected.label}. Enter opens it.`}
      </span>
    </>
  );
}

const LABELS = { words: 'Selected text', image: 'Selected image', ticket: 'Mentioned ticket' } as const;

function WordControls({ onLink }: Pick<SelectionMenuProps, 'onLink'>) {
  return (
    <>
      <RichTextEditor.Bold />
      <RichTextEditor.Italic />
      <RichTextEditor.Strikethrough />
      <RichTextEditor.Code />
      <RichTextEditor.Control aria-label="Link" title="Link" onClick={onLink}>
        <IconLink size={16} stroke={1.6} aria-hidden />
      </RichTextEditor.Control>
    </>
  );
}

interface OpenTicketProps {
  ticket: SelectedTicket;
  onOpen: (ticketId: string) => void;
}

function OpenTicket({ ticket, onOpen }: OpenTicketProps) {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      rightSection={<Kbd size="xs">Enter</Kbd>}
      onClick={() => onOpen(ticket.id)}
    >
      Open {ticket.label}
    </Button>
  );
}

const selectedIn = (editor: Editor) => (editor.isDestroyed ? null : selectedNode(editor.state));

function hasSelectedWords({ state: { selection, doc } }: Editor): boolean {
  if (!isTextSelection(selection) || selection.empty || selection.$from.parent.type.spec.code) return false;
  return doc.textBetween(selection.from, selection.to).trim() !== '';
}
