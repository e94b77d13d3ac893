import MarkdownIt, { type Token } from 'markdown-it';
import { type DocumentEvent, htmlEvents, NODES } from './html-events.ts';
import { isSafeUrl } from './safe-url.ts';

export type MarkdownEvents = { kind: 'events'; events: DocumentEvent[] } | { kind: 'too-deep' };

/** markdown-it drops what lies deeper in lists and quotes than this. */
const MAX_NESTING = 100;

/** Reads Markdown as a flat run of events, HTML and Markdown alike; {@link treeOf} builds the tree. */
export function eventsOfMarkdown(source: string): MarkdownEvents {
  const parser = createParser();
  if (hasRepeatedDefinition(source)) parser.disable('reference');
  const environment: { references?: Record<string, { href: string; title: string }> } = {};
  const tokens = parser.parse(source, environment);
  if (tokens.some((token) => token.level >= MAX_NESTING - 1)) return { kind: 'too-deep' };
  const events = blockEvents(tokens, source.split('\n'));
  const used = new Set(tokens.flatMap((token) => (token.children ?? []).flatMap(addressOf)));
  for (const [label, { href, title }] of Object.entries(environment.references ?? {})) {
    if (!used.has(href)) events.push(...paragraph(`[${label}]: ${href}${title && ` "${title}"`}`));
  }
  return { kind: 'events', events };
}

function createParser(): MarkdownIt {
  const parser = new MarkdownIt({ html: true, linkify: true, breaks: true });
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  // An address stays as it was written: escaping it would change its words.
  parser.normalizeLink = (url) => url;
  parser.normalizeLinkText = (url) => url;
  parser.validateLink = isSafeUrl;
  return parser;
}

/** markdown-it keeps the first definition of a reference only; without the rule both stay as text. */
function hasRepeatedDefinition(source: string): boolean {
  const labels = [...source.matchAll(/\[([^[\]]+)\]:/g)].map((match) =>
    (match[1] ?? '').trim().toLowerCase(),
  );
  return new Set(labels).size < labels.length;
}

const addressOf = (token: Token): string[] => [token.attrGet('href') ?? token.attrGet('src') ?? ''];

function blockEvents(tokens: Token[], lines: readonly string[]): DocumentEvent[] {
  const events: DocumentEvent[][] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (!token) continue;
    if (token.type === 'table_open' && losesCells(tableLines(token, lines))) {
      events.push(linesAsParagraph(tableLines(token, lines)));
      while (tokens[index]?.type !== 'table_close') index += 1;
    } else if (token.type === 'list_item_open') {
      events.push([openItem(token, tokens[index + 2])]);
    } else {
      events.push(eventsOfBlock(token));
    }
  }
  return events.flat();
}

function eventsOfBlock(token: Token): DocumentEvent[] {
  switch (token.type) {
    case 'inline':
      return (token.children ?? []).flatMap(eventsOfInline);
    case 'fence':
      return codeBlock(token.content, token.info.trim());
    case 'code_block':
      return codeBlock(token.content, '');
    case 'html_block':
      return htmlEvents(token.content);
    case 'hr':
      return [{ kind: 'leaf', node: { type: 'horizontalRule' } }];
  }
  const node = NODES[token.tag];
  if (!node) return [];
  if (token.nesting === -1) return [{ kind: 'close', tag: token.tag, origin: 'markdown' }];
  return [{ kind: 'open', tag: token.tag, origin: 'markdown', node: { type: node, ...attributesOf(token) } }];
}

function attributesOf(token: Token): { attrs?: Record<string, unknown> } {
  if (/^h[1-6]$/.test(token.tag)) return { attrs: { level: Number(token.tag.slice(1)) } };
  if (token.tag === 'ol') return { attrs: { start: Number(token.attrGet('start') ?? 1) } };
  const align = /text-align:(left|center|right)/.exec(token.attrGet('style') ?? '')?.[1];
  return align === undefined ? {} : { attrs: { align } };
}

/** GitHub's `- [x] done`: the box leaves the text and becomes the item's state. */
function openItem(token: Token, inline: Token | undefined): DocumentEvent {
  const box =
    token.markup.length === 1 &&
    /^[-+*]$/.test(token.markup) &&
    /^\[([ xX])\](?=\s|$)/.exec(inline?.content ?? '');
  const first = inline?.type === 'inline' ? inline.children?.[0] : undefined;
  if (!box || first?.type !== 'text' || !first.content.startsWith(box[0])) {
    return { kind: 'open', tag: 'li', origin: 'markdown', node: { type: 'listItem' } };
  }
  first.content = first.content.slice(box[0].length).trimStart();
  const node = { type: 'taskItem', attrs: { checked: box[1] !== ' ' } };
  return { kind: 'open', tag: 'li', origin: 'markdown', node };
}

const MARKS: Readonly<Record<string, string>> = { strong: 'bold', em: 'italic', s: 'strike' };

function eventsOfInline(token: Token): DocumentEvent[] {
  switch (token.type) {
    case 'text':
    case 'text_special':
      return [{ kind: 'text', text: token.content }];
    case 'code_inline':
      return [
        { kind: 'open', tag: 'code', origin: 'markdown', mark: { type: 'code' } },
        { kind: 'text', text: token.content },
        { kind: 'close', tag: 'code', origin: 'markdown' },
      ];
    case 'softbreak':
    case 'hardbreak':
      return [{ kind: 'leaf', node: { type: 'hardBreak' } }];
    case 'html_inline':
      return htmlEvents(token.content);
    case 'image':
      return [{ kind: 'leaf', node: imageOf(token) }];
  }
  if (token.nesting === -1) return [{ kind: 'close', tag: token.tag, origin: 'markdown' }];
  return [{ kind: 'open', tag: token.tag, origin: 'markdown', mark: markOf(token) }];
}

function markOf(token: Token) {
  if (token.tag !== 'a') return { type: MARKS[token.tag] ?? 'italic' };
  return { type: 'link', attrs: { href: token.attrGet('href'), title: token.attrGet('title') || null } };
}

function imageOf(token: Token) {
  const attrs = {
    src: token.attrGet('src'),
    alt: plainText(token.children ?? []),
    title: token.attrGet('title') || null,
  };
  return { type: 'image', attrs };
}

const plainText = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => (token.children?.length ? plainText(token.children) : token.content || ' '))
    .join('')
    .trim();

function codeBlock(content: string, language: string): DocumentEvent[] {
  return [
    {
      kind: 'open',
      tag: 'pre',
      origin: 'markdown',
      node: { type: 'codeBlock', attrs: { language: language || null } },
    },
    { kind: 'text', text: content.replace(/\n$/, '') },
    { kind: 'close', tag: 'pre', origin: 'markdown' },
  ];
}

const tableLines = (token: Token, lines: readonly string[]): readonly string[] =>
  lines.slice(token.map?.[0] ?? 0, token.map?.[1] ?? 0);

/** A row with more cells than the table's head: GitHub drops them, we may not. */
function losesCells(rows: readonly string[]): boolean {
  const head = cellsIn(rows[0] ?? '');
  return rows.some((row) => cellsIn(row) > head);
}

const cellsIn = (row: string): number =>
  row.trim().replace(/\\\|/g, '').replace(/^\|/, '').replace(/\|$/, '').split('|').length;

function linesAsParagraph(rows: readonly string[]): DocumentEvent[] {
  return rows.flatMap((row) => paragraph(row.trim()));
}

function paragraph(text: string): DocumentEvent[] {
  return [
    { kind: 'open', tag: 'p', origin: 'markdown', node: { type: 'paragraph' } },
    { kind: 'text', text },
    { kind: 'close', tag: 'p', origin: 'markdown' },
  ];
}
