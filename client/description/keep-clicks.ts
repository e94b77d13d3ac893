import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';

/**
 * Takes the caret to where a person has just put it before others' words or carets are drawn.
 *
 * The browser tells of a new selection a little after it was made. What is drawn in between is drawn by y-tiptap
 * with the selection that the editor knew before, which would throw the caret back to where it was.
 */
export const keepClicks = (doc: Y.Doc, awareness: Awareness) =>
  Extension.create({
    name: 'keepClicks',
    // Above the collaboration's extensions, so that this hears of everything before they do.
    priority: 1001,
    addProseMirrorPlugins: () => [
      new Plugin({
        key: new PluginKey('keepClicks'),
        view({ dom }) {
          // ProseMirror reads the selection when it hears this; there is no other public way to ask it to.
          const readSelection = () => dom.ownerDocument.dispatchEvent(new Event('selectionchange'));
          const onChange = ({ _transaction: transaction }: Y.Doc) => {
            if (transaction?.local === false) readSelection();
          };
          // Carets are drawn in a task of their own, which is queued after this one.
          const onAwareness = () => setTimeout(readSelection);
          doc.on('beforeAllTransactions', onChange);
          awareness.on('change', onAwareness);
          return {
            destroy() {
              doc.off('beforeAllTransactions', onChange);
              awareness.off('change', onAwareness);
            },
          };
        },
      }),
    ],
  });
