import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { type Sides, wordOrigins } from '../../../shared/description/word-origins.ts';

/** Shows while one writes whose words they are. Drawn over the text, never in it. */
export const OriginMarks = (sides: Sides) =>
  Extension.create({
    name: 'originMarks',
    addProseMirrorPlugins: () => [
      new Plugin<DecorationSet>({
        key: originMarksKey,
        state: {
          init: (_config, { doc }) => marksOf(doc, sides),
          apply: (tr, marks) => (tr.docChanged ? marksOf(tr.doc, sides) : marks),
        },
        props: { decorations: (state) => originMarksKey.getState(state) },
      }),
    ],
  });

const originMarksKey = new PluginKey<DecorationSet>('originMarks');

function marksOf(doc: Node, sides: Sides): DecorationSet {
  const marks = wordOrigins(doc.toJSON(), sides).map(({ from, to, origin }) =>
    Decoration.inline(from, to, { 'data-origin': origin }),
  );
  return DecorationSet.create(doc, marks);
}
