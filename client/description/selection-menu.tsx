import { RichTextEditor } from '@mantine/tiptap';
import { IconLink } from '@tabler/icons-react';
import { type Editor, isTextSelection } from '@tiptap/core';
import { NodeSelection } from '@tiptap/pm/state';
import { useEditorState } from '@tiptap/react';
import { BubbleMenu } from '@tiptap/react/menus';
import { ImageWords, type SelectedImage } from './image-words.tsx';

interface SelectionMenuProps {
  editor: Editor;
  onLink: () => void;
}

/** What can be done with the selected words, beside them; for a selected image, what it shows in words. */
export function SelectionMenu({ editor, onLink }: SelectionMenuProps) {
  const image = useEditorState({ editor, selector: () => selectedImage(editor) });
  return (
    <BubbleMenu
      editor={editor}
      className="description-bubble"
      role="toolbar"
      aria-label={image === null ? 'Selected text' : 'Selected image'}
      updateDelay={120}
      shouldShow={() => editor.isEditable && (selectedImage(editor) !== null || hasSelectedWords(editor))}
      options={{ placement: 'top', offset: 8 }}
    >
      {image === null ? (
        <>
          <RichTextEditor.Bold />
          <RichTextEditor.Italic />
          <RichTextEditor.Strikethrough />
          <RichTextEditor.Code />
          <RichTextEditor.Control aria-label="Link" title="Link" onClick={onLink}>
            <IconLink size={16} stroke={1.6} aria-hidden />
          </RichTextEditor.Control>
        </>
      ) : (
        <ImageWords key={image.at} editor={editor} image={image} />
      )}
    </BubbleMenu>
  );
}

function selectedImage(editor: Editor): SelectedImage | null {
  if (editor.isDestroyed) return null;
  const { selection } = editor.state;
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== 'image') return null;
  return { at: selection.from, words: String(selection.node.attrs.alt ?? '') };
}

function hasSelectedWords({ state: { selection, doc } }: Editor): boolean {
  if (!isTextSelection(selection) || selection.empty || selection.$from.parent.type.spec.code) return false;
  return doc.textBetween(selection.from, selection.to).trim() !== '';
}
