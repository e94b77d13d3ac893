import type { JSONContent } from '@tiptap/core';
import { fitDocument } from './fit.ts';
import { eventsOfMarkdown } from './markdown-events.ts';
import { treeOf } from './markdown-tree.ts';
import { writeBlocks } from './markdown-write.ts';
import { mentionsFromLinks } from './mentions.ts';
import { documentSchema } from './schema.ts';
import { wellFormed } from './well-formed.ts';

/**
 * The document that a Markdown text (CommonMark with GitHub's tables, task lists, strikethrough, plain
 * addresses and line breaks, and raw HTML) describes. Valid against the schema for any input.
 *
 * No text is lost: HTML that has a counterpart becomes it, everything else stays readable as it was written.
 */
export function markdownToDocument(markdown: string): JSONContent {
  const source = wellFormed(markdown);
  const events = eventsOfMarkdown(source);
  if (events.kind === 'too-deep') return plainDocument(source);
  const node = documentSchema.nodeFromJSON(mentionsFromLinks(fitDocument(treeOf(events.events))));
  node.check();
  return node.toJSON();
}

/**
 * The document as Markdown. What Markdown cannot say (underline, say) is written as HTML, which reads back;
 * a mention is a link to the person or ticket, and such a link reads back as a mention.
 */
export function documentToMarkdown(document: JSONContent): string {
  const text = writeBlocks(document.content ?? []).join('\n');
  return text === '' ? '' : `${text}\n`;
}

/** One paragraph a line, without any reading of marks. */
function plainDocument(source: string): JSONContent {
  const lines = source.split('\n').filter((line) => line.trim() !== '');
  return {
    type: 'doc',
    content: lines.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })),
  };
}
