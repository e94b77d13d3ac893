import { Extension, getSchema, Mark } from '@tiptap/core';
import type { Schema } from '@tiptap/pm/model';
import { documentExtensions, documentSchema } from './schema.ts';

/** What happened to a word or a block between two documents; `changed`: it is of another kind now. */
export const CHANGES = ['added', 'removed', 'changed'] as const;
export type Change = (typeof CHANGES)[number];

/** The name of the mark, and of the blocks' attribute. */
export const CHANGE = 'change';

const ChangeMark = Mark.create({
  name: CHANGE,
  excludes: '',
  addAttributes: () => ({ kind: { default: 'added' } }),
  renderHTML: ({ mark }) => [mark.attrs.kind === 'removed' ? 'del' : 'ins', 0],
});

const ChangedBlocks = Extension.create({
  name: 'changedBlocks',
  addGlobalAttributes: () => [
    {
      types: Object.values(documentSchema.nodes)
        .filter((type) => type.isBlock && type.name !== 'doc')
        .map((type) => type.name),
      attributes: {
        [CHANGE]: {
          default: null,
          renderHTML: ({ [CHANGE]: change }) => (change ? { 'data-change': change } : {}),
        },
      },
    },
  ],
});

/** The description's schema, and marks for what differs. Only for showing: no document is stored in it. */
export const comparisonSchema: Schema = getSchema([...documentExtensions(), ChangeMark, ChangedBlocks]);
