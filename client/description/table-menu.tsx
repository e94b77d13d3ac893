import { RichTextEditor } from '@mantine/tiptap';
import type { Editor } from '@tiptap/core';
import { BubbleMenu } from '@tiptap/react/menus';

/** What can be done with the table the caret stands in, above it. By keyboard the slash menu offers the same. */
export function TableMenu({ editor }: { editor: Editor }) {
  return (
    <BubbleMenu
      editor={editor}
      pluginKey="tableMenu"
      className="description-bubble"
      role="toolbar"
      aria-label="Table"
      updateDelay={120}
      shouldShow={() => editor.isEditable && editor.state.selection.empty && editor.isActive('table')}
      getReferencedVirtualElement={() => tableAtCaret(editor)}
      options={{ placement: 'top-end', offset: 4 }}
    >
      <RichTextEditor.TableRowBefore />
      <RichTextEditor.TableRowAfter />
      <RichTextEditor.TableRowDelete />
      <RichTextEditor.TableColumnBefore />
      <RichTextEditor.TableColumnAfter />
      <RichTextEditor.TableColumnDelete />
      <RichTextEditor.TableDelete />
    </BubbleMenu>
  );
}

function tableAtCaret(editor: Editor) {
  const { node } = editor.view.domAtPos(editor.state.selection.from);
  const element = node instanceof Element ? node : node.parentElement;
  const table = element?.closest('table');
  return table ? { getBoundingClientRect: () => table.getBoundingClientRect() } : null;
}
