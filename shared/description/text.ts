import type { JSONContent } from '@tiptap/core';
import { mentionText } from './mentions.ts';

/**
 * The words of a document without their form, for lists and search: one line per block, cells parted by a tab,
 * images as their alternative text, mentions as `@Name` and `DEMO-12`.
 */
export function documentToText(document: JSONContent): string {
  return linesOf(document)
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

function linesOf(node: JSONContent): string[] {
  const children = node.content ?? [];
  if (node.type === 'tableRow') return [children.map((cell) => linesOf(cell).join(' ')).join('\t')];
  if (children.some(isInline)) return [children.map(inlineText).join('')];
  return children.flatMap(linesOf);
}

const isInline = (node: JSONContent): boolean =>
  node.type === 'text' ||
  node.type === 'hardBreak' ||
  node.type === 'image' ||
  mentionText(node) !== undefined;

function inlineText(node: JSONContent): string {
  if (node.type === 'hardBreak') return '\n';
  if (node.type === 'image') return typeof node.attrs?.alt === 'string' ? node.attrs.alt : '';
  return mentionText(node) ?? node.text ?? '';
}
