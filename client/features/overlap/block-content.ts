import type { JSONContent } from '@tiptap/core';
import { canonical } from '../../../shared/description/canonical.ts';
import { standing } from '../../../shared/description/overlap-choices.ts';
import { isCell, isItem, isList } from '../../../shared/description/overlap-units.ts';

/** Blocks as a document of their own, to be shown or edited; an item of a list stands in a list there. */
export const documentOf = (nodes: readonly JSONContent[]): JSONContent => {
  const content = nodes.flatMap(standing);
  return { type: 'doc', content: content.length > 0 ? content : [EMPTY] };
};

/**
 * What an edited document puts in the place of a block: blocks, items or one cell, as the block was.
 * Nothing when the person took all words away.
 */
export function blocksOf(document: JSONContent, like: JSONContent): JSONContent[] {
  const content = document.content ?? [];
  if (content.every((node) => canonical(node) === canonical(EMPTY))) return [];
  if (isCell(like)) return [{ ...like, content }];
  return isItem(like) ? content.flatMap((node) => itemsOf(node, like)) : content;
}

export const sameBlocks = (a: readonly JSONContent[], b: readonly JSONContent[]): boolean =>
  canonical({ type: 'doc', content: [...a] }) === canonical({ type: 'doc', content: [...b] });

const EMPTY: JSONContent = { type: 'paragraph' };

function itemsOf(node: JSONContent, like: JSONContent): JSONContent[] {
  if (isList(node)) return (node.content ?? []).map((item) => ({ ...item, type: like.type ?? 'listItem' }));
  const content = node.type === 'paragraph' ? [node] : [EMPTY, node];
  return [{ type: like.type ?? 'listItem', content }];
}
