import type { JSONContent } from '@tiptap/core';
import MarkdownIt from 'markdown-it';
import { isSafeUrl } from './safe-url.ts';

interface MarkJson {
  type: string;
  attrs?: Record<string, unknown>;
}

/**
 * What a text says in the order it says it. `origin` keeps stray HTML from closing what Markdown opened;
 * an element may be a node, a mark, both (a summary is a bold paragraph) or neither (a span).
 */
export type DocumentEvent =
  | { kind: 'open'; tag: string; origin: 'markdown' | 'html'; node?: JSONContent; mark?: MarkJson }
  | { kind: 'close'; tag: string; origin: 'markdown' | 'html' }
  | { kind: 'leaf'; node: JSONContent }
  | { kind: 'text'; text: string };

const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>/g;
const ATTRIBUTE = /([a-zA-Z][\w:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

/** Reads a piece of HTML. Tags without a counterpart in a description, and comments, stay as text. */
export function htmlEvents(html: string): DocumentEvent[] {
  const events: DocumentEvent[][] = [];
  const state = { inPre: false, foreign: hasForeignTag(html) };
  let end = 0;
  for (const match of html.matchAll(TAG)) {
    events.push(textEvents(html.slice(end, match.index), state), eventsOfTag(match));
    if (match[2]?.toLowerCase() === 'pre') state.inPre = match[1] === '';
    end = match.index + match[0].length;
  }
  events.push(textEvents(html.slice(end), state));
  return events.flat();
}

/** A block with a tag we do not know is more likely code than HTML: its lines stay lines. */
function hasForeignTag(html: string): boolean {
  return [...html.matchAll(TAG)].some((match) => !isKnown(match[2]?.toLowerCase() ?? ''));
}

function textEvents(raw: string, state: { inPre: boolean; foreign: boolean }): DocumentEvent[] {
  const text = decodeEntities(raw);
  if (state.inPre) return [{ kind: 'text', text }];
  if (!state.foreign) return [{ kind: 'text', text: text.replace(/\s+/g, ' ') }];
  return text.split('\n').flatMap((line, index): DocumentEvent[] => {
    const words: DocumentEvent = { kind: 'text', text: line };
    return index === 0 ? [words] : [{ kind: 'leaf', node: { type: 'hardBreak' } }, words];
  });
}

function eventsOfTag(match: RegExpExecArray): DocumentEvent[] {
  const tag = (match[2] ?? '').toLowerCase();
  if (!isKnown(tag)) return [{ kind: 'text', text: match[0] }];
  if (match[1] === '/') return VOID.has(tag) ? [] : [{ kind: 'close', tag, origin: 'html' }];
  const attributes = attributesOf(match[3] ?? '');
  if (VOID.has(tag)) return [leafOf(tag, attributes) ?? { kind: 'text', text: match[0] }];
  if (tag === 'a' && !hasSafe(attributes, 'href')) return [{ kind: 'text', text: match[0] }];
  return [{ kind: 'open', tag, origin: 'html', ...elementOf(tag, attributes) }];
}

const VOID: ReadonlySet<string> = new Set(['br', 'hr', 'img']);
const MARKS: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strike',
  del: 'strike',
  strike: 'strike',
  u: 'underline',
  ins: 'underline',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  tt: 'code',
  a: 'link',
};
/** The node that stands for an element; Markdown's tokens name the same elements. */
export const NODES: Readonly<Record<string, string>> = {
  p: 'paragraph',
  div: 'paragraph',
  details: 'paragraph',
  summary: 'paragraph',
  center: 'paragraph',
  section: 'paragraph',
  article: 'paragraph',
  figure: 'paragraph',
  figcaption: 'paragraph',
  dt: 'paragraph',
  dd: 'paragraph',
  caption: 'paragraph',
  h1: 'heading',
  h2: 'heading',
  h3: 'heading',
  h4: 'heading',
  h5: 'heading',
  h6: 'heading',
  ul: 'bulletList',
  ol: 'orderedList',
  li: 'listItem',
  blockquote: 'blockquote',
  pre: 'codeBlock',
  table: 'table',
  tr: 'tableRow',
  td: 'tableCell',
  th: 'tableHeader',
};
/** Their content counts, they do not. */
const PLAIN: ReadonlySet<string> = new Set([
  'span',
  'font',
  'small',
  'sub',
  'sup',
  'thead',
  'tbody',
  'tfoot',
  'dl',
  'mark',
  'picture',
]);

const isKnown = (tag: string): boolean =>
  VOID.has(tag) || PLAIN.has(tag) || Object.hasOwn(MARKS, tag) || Object.hasOwn(NODES, tag);

function elementOf(tag: string, attributes: Map<string, string>): { node?: JSONContent; mark?: MarkJson } {
  const mark = MARKS[tag];
  if (mark === 'link') {
    return {
      mark: { type: mark, attrs: { href: attributes.get('href'), title: attributes.get('title') ?? null } },
    };
  }
  if (mark) return { mark: { type: mark } };
  const type = NODES[tag];
  if (!type) return {};
  if (tag === 'summary') return { node: { type }, mark: { type: 'bold' } };
  if (type === 'heading') return { node: { type, attrs: { level: Number(tag.slice(1)) } } };
  if (tag === 'ol') return { node: { type, attrs: { start: count(attributes.get('start')) } } };
  if (tag !== 'td' && tag !== 'th') return { node: { type } };
  const attrs = { colspan: count(attributes.get('colspan')), rowspan: count(attributes.get('rowspan')) };
  return { node: { type, attrs } };
}

const MAX_SPAN = 100;

function count(text: string | undefined): number {
  const number = Number(text ?? 1);
  return Number.isInteger(number) && number >= 1 && number <= MAX_SPAN ? number : 1;
}

function leafOf(tag: string, attributes: Map<string, string>): DocumentEvent | undefined {
  if (tag === 'br') return { kind: 'leaf', node: { type: 'hardBreak' } };
  if (tag === 'hr') return { kind: 'leaf', node: { type: 'horizontalRule' } };
  if (!hasSafe(attributes, 'src')) return undefined;
  const attrs = {
    src: attributes.get('src'),
    alt: attributes.get('alt') ?? null,
    title: attributes.get('title') ?? null,
    width: pixels(attributes.get('width')),
    height: pixels(attributes.get('height')),
  };
  return { kind: 'leaf', node: { type: 'image', attrs } };
}

function pixels(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,5}(px)?$/.test(text) ? Number.parseInt(text, 10) : null;
}

function hasSafe(attributes: Map<string, string>, name: string): boolean {
  const url = attributes.get(name);
  return url !== undefined && url !== '' && isSafeUrl(url);
}

function attributesOf(text: string): Map<string, string> {
  const pairs = [...text.matchAll(ATTRIBUTE)].map((match): [string, string] => [
    (match[1] ?? '').toLowerCase(),
    decodeEntities(match[2] ?? match[3] ?? match[4] ?? ''),
  ]);
  return new Map(pairs);
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  const { unescapeAll } = new MarkdownIt().utils;
  return text.replace(/&#?\w+;/g, (entity) => unescapeAll(entity));
}
