import { combineTransactionSteps, Extension, getChangedRanges } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';

/**
 * Takes marks off what is no text as soon as they are put on it. A description keeps none there (see schema.ts), and
 * what would be gone with the next change by somebody else must not be shown before.
 */
export const MarksOnWords = Extension.create({
  name: 'marksOnWords',
  addProseMirrorPlugins: () => [marksOnWords()],
});

export const marksOnWords = (): Plugin =>
  new Plugin({
    key: new PluginKey('marksOnWords'),
    appendTransaction(transactions, before, state) {
      if (!transactions.some(({ docChanged }) => docChanged)) return null;
      const { tr } = state;
      for (const { newRange } of getChangedRanges(combineTransactionSteps(before.doc, [...transactions]))) {
        state.doc.nodesBetween(newRange.from, newRange.to, (node, at) => {
          if (node.isInline && !node.isText && node.marks.length > 0) tr.removeMark(at, at + node.nodeSize);
        });
      }
      // What is typed next keeps the marks that were chosen for it: after a line break in bold text, say.
      return tr.docChanged ? tr.setStoredMarks(state.storedMarks) : null;
    },
  });
