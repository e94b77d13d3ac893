import type { JSONContent } from '@tiptap/core';
import { mentionAddress, mentionText } from './mentions.ts';
import { isSafeUrl } from './safe-url.ts';

/** Outermost first: a link around bold text, not bold text cut by links. */
const ORDER = ['link', 'bold', 'italic', 'strike', 'underline', 'code'] as const;
type MarkName = (typeof ORDER)[number];

/**
 * Inline nodes as Markdown on one line, but for `lineBreak` where a hard break stands: a backslash and a new
 * line in paragraphs, `<br>` where a line may not end.
 */
export function writeInline(nodes: readonly JSONContent[], lineBreak: string): string {
  const text = withOuterSpaces(writeRun(nodes, ORDER, lineBreak));
  // A break at the very end would leave a lone backslash.
  return text.endsWith('\\\n') ? `${text.slice(0, -2)}<br>` : text;
}

/** Escapes what would start a block at the start of a line. */
export function escapeLines(text: string): string[] {
  return text.split('\n').map((line) =>
    withOuterSpaces(line)
      .replace(/^(#{1,6}(?=\s|$|\\$)|[-+=>])/, '\\$1')
      .replace(/^(\d{1,9})([.)])/, '$1\\$2')
      .replace(/^([|:])(?=[\s|:-]*\\?$)/, '\\$1'),
  );
}

function writeRun(nodes: readonly JSONContent[], order: readonly MarkName[], lineBreak: string): string {
  const [mark, ...inner] = order;
  if (mark === undefined) return nodes.map((node) => writeLeaf(node, lineBreak)).join('');
  const runs = runsOf(nodes, mark);
  let written = '';
  for (const [index, run] of runs.entries()) {
    const content = mark === 'code' && run.marked ? textOf(run.nodes) : writeRun(run.nodes, inner, lineBreak);
    const next = runs[index + 1];
    const following = next ? (textOf(next.nodes)[0] ?? '') : '';
    written += run.marked
      ? wrap(mark, run, content, { before: written.at(-1) ?? '', after: following })
      : content;
  }
  return written;
}

interface Run {
  readonly marked: JSONContent | undefined;
  readonly nodes: JSONContent[];
}

/** Neighbours that share a mark (a link: the same link), together. */
function runsOf(nodes: readonly JSONContent[], mark: MarkName): Run[] {
  const runs: Run[] = [];
  for (const node of nodes) {
    const marked = node.marks?.find(({ type }) => type === mark);
    const last = runs.at(-1);
    const isSame =
      last &&
      JSON.stringify(last.marked?.attrs) === JSON.stringify(marked?.attrs) &&
      !last.marked === !marked;
    if (isSame) last.nodes.push(node);
    else runs.push({ marked, nodes: [node] });
  }
  return runs;
}

interface Neighbours {
  readonly before: string;
  readonly after: string;
}

function wrap(mark: MarkName, run: Run, content: string, neighbours: Neighbours): string {
  switch (mark) {
    case 'link':
      return writeLink(run, content);
    case 'bold':
      return delimited(content, '**', 'strong', neighbours);
    case 'italic':
      return delimited(content, '*', 'em', neighbours);
    case 'strike':
      return delimited(content, '~~', 'del', neighbours);
    case 'underline':
      return `<u>${content}</u>`;
    case 'code':
      return writeCodeSpan(run, content);
  }
}

/** Markdown's delimiters where they surely read as such (CommonMark 6.2), the HTML tag elsewhere. */
function delimited(content: string, delimiter: string, tag: string, { before, after }: Neighbours): string {
  const isPlain = /^[\p{L}\p{N}]$/u.test(content[0] ?? '') && /^[\p{L}\p{N}]$/u.test(content.at(-1) ?? '');
  const isApart = !/[*~]/.test(before + after) && !content.includes(delimiter[0] ?? delimiter);
  return isPlain && isApart ? `${delimiter}${content}${delimiter}` : `<${tag}>${content}</${tag}>`;
}

function writeLink(run: Run, content: string): string {
  const href: unknown = run.marked?.attrs?.href;
  // As everywhere that shows it: a program may have written any address, and whoever renders this may follow it.
  if (typeof href !== 'string' || !isSafeUrl(href)) return content;
  const title = run.marked?.attrs?.title;
  const isBare = textOf(run.nodes) === href && run.nodes.every((node) => node.marks?.length === 1);
  if (isBare && !title && /^(https?|mailto):[^<>\s\p{Cc}]*$/u.test(href)) return `<${href}>`;
  return `[${content}](${writeAddress(href, title)})`;
}

function writeImage(node: JSONContent): string {
  const { src, alt, title, width, height } = node.attrs ?? {};
  if (width == null && height == null)
    return `![${escapeText(String(alt ?? ''))}](${writeAddress(String(src ?? ''), title)})`;
  const attributes = Object.entries({ src, alt, title, width, height }).filter(([, value]) => value != null);
  return `<img ${attributes.map(([name, value]) => `${name}="${escapeAttribute(String(value))}"`).join(' ')}>`;
}

function writeAddress(url: string, title: unknown): string {
  const address = /^[^\s()<>\\&\p{Cc}]+$/u.test(url)
    ? url
    : `<${url
        .replace(/\s/g, '%20')
        .replace(/[<>\\]/g, '\\$&')
        .replace(/&/g, '&amp;')}>`;
  return typeof title === 'string' && title !== ''
    ? `${address} "${title.replace(/\s+/g, ' ').replace(/["\\]/g, '\\$&').replace(/&/g, '&amp;')}"`
    : address;
}

const escapeAttribute = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/"/g, '&quot;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\t\n]+/g, ' ');

function writeCodeSpan(run: Run, text: string): string {
  // Markdown strips a space from both ends and has no empty span: HTML keeps them.
  if (/^\s|\s$|\||^$/.test(text) || run.nodes.some((node) => node.type !== 'text')) {
    return `<code>${run.nodes.map((node) => writeLeaf(node, '<br>')).join('')}</code>`;
  }
  const fence = '`'.repeat(longestRun(text, '`') + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** How often the mark stands in a row at most. */
export function longestRun(text: string, mark: '`' | '~'): number {
  const runs = text.match(mark === '`' ? /`+/g : /~+/g) ?? [];
  return runs.reduce((most, run) => Math.max(most, run.length), 0);
}

function writeLeaf(node: JSONContent, lineBreak: string): string {
  if (node.type === 'hardBreak') return lineBreak;
  if (node.type === 'image') return writeImage(node);
  const address = mentionAddress(node);
  if (address !== undefined)
    return `[${escapeText(mentionText(node) ?? '')}](${writeAddress(address, null)})`;
  return escapeText(node.text ?? '');
}

const textOf = (nodes: readonly JSONContent[]): string => nodes.map((node) => node.text ?? '').join('');

/** Escapes what Markdown would read inside a line. */
function escapeText(text: string): string {
  return text
    .replace(/[\\`*[\]<~]/g, '\\$&')
    .replace(/_/g, (mark, at: number) =>
      isWordChar(text[at - 1]) && isWordChar(text[at + 1]) ? mark : `\\${mark}`,
    )
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/:(?=\/\/)|(?<=\bmailto):/gi, '&#58;');
}

const isWordChar = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);

/** Spaces at the ends of a line are lost, unless written as entities. */
function withOuterSpaces(line: string): string {
  const entity = (spaces: string) => [...spaces].map((space) => `&#${space.codePointAt(0)};`).join('');
  return line.replace(/^[^\S\n]+|(?<!^)[^\S\n]+$/g, entity);
}
