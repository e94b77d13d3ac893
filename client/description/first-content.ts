import type { JSONContent } from '@tiptap/core';
import { markdownToDocument } from '../../shared/description/markdown.ts';
import { documentToUpdate } from '../../shared/description/yjs.ts';

/** What a person wrote while making the ticket. Text is taken as it stands, a paragraph per line. */
export type FirstContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'markdown'; readonly markdown: string };

/** The first words of a description. Loaded when somebody writes some: it brings the editor's packages along. */
export const firstUpdate = (content: FirstContent): Uint8Array => documentToUpdate(firstDocument(content));

function firstDocument(content: FirstContent): JSONContent {
  if (content.kind === 'markdown') return markdownToDocument(content.markdown);
  const paragraphs = content.text.split(/\r?\n/).map((line) => ({
    type: 'paragraph',
    content: line === '' ? [] : [{ type: 'text', text: line }],
  }));
  return { type: 'doc', content: paragraphs };
}
