import type { JSONContent } from '@tiptap/core';
import { escapeLines, longestRun, writeInline } from './markdown-inline.ts';

/** Blocks as lines of Markdown, one empty line between them. */
export function writeBlocks(blocks: readonly JSONContent[]): string[] {
  const lines: string[] = [];
  let previous: { kind: string; marker: number } | undefined;
  for (const block of blocks) {
    const kind = block.type === 'orderedList' ? 'ordered' : 'bullet';
    const isList = block.type !== undefined && LISTS.has(block.type);
    // Two lists in a row would read as one: the second takes another marker.
    const marker: number = isList && previous?.kind === kind ? 1 - previous.marker : 0;
    const written = writeBlock(block, marker);
    if (written.length === 0) continue;
    if (lines.length > 0) lines.push('');
    for (const line of written) lines.push(line);
    previous = isList ? { kind, marker } : undefined;
  }
  return lines;
}

const LISTS: ReadonlySet<string> = new Set(['bulletList', 'taskList', 'orderedList']);

function writeBlock(block: JSONContent, marker: number): string[] {
  const content = block.content ?? [];
  switch (block.type) {
    case 'paragraph':
      return content.length === 0 ? [] : escapeLines(writeInline(content, '\\\n'));
    case 'heading':
      return [`${'#'.repeat(levelOf(block))} ${headingText(content)}`.trimEnd()];
    case 'blockquote':
      return orOneEmpty(writeBlocks(content)).map((line) => (line === '' ? '>' : `> ${line}`));
    case 'codeBlock':
      return writeCode(block);
    case 'horizontalRule':
      return ['---'];
    case 'bulletList':
    case 'taskList':
      return content.flatMap((item) => writeItem(item, marker === 0 ? '-' : '*'));
    case 'orderedList':
      return writeOrdered(block, marker === 0 ? '.' : ')');
    case 'table':
      return writeTable(content);
    default:
      // A node of a newer schema: what it holds is better than nothing.
      return content.length > 0 ? writeBlocks(content) : escapeLines(writeInline([block], '\\\n'));
  }
}

const orOneEmpty = (lines: string[]): string[] => (lines.length > 0 ? lines : ['']);

/** A program may have written any number, or none. */
const levelOf = ({ attrs }: JSONContent): number =>
  Math.min(Math.max(1, Math.trunc(Number(attrs?.level)) || 1), 6);

/** The closing `#`s of a heading are decoration, unless escaped. */
const headingText = (content: readonly JSONContent[]): string =>
  writeInline(content, '<br>').replace(/#+$/, (marks) => marks.replace(/#/g, '\\#'));

function writeCode(block: JSONContent): string[] {
  const text = (block.content ?? []).map((node) => node.text ?? '').join('');
  const language = typeof block.attrs?.language === 'string' ? block.attrs.language : '';
  const mark = language.includes('`') ? '~' : '`';
  const fence = mark.repeat(Math.max(3, longestRun(text, mark) + 1));
  return [`${fence}${language}`, ...text.split('\n'), fence];
}

function writeItem(item: JSONContent, marker: string): string[] {
  const box = item.type === 'taskItem' ? `[${item.attrs?.checked === true ? 'x' : ' '}] ` : '';
  const indent = ' '.repeat(marker.length + 1);
  const lines = itemLines(item, box);
  return lines.map((line, index) => {
    if (index === 0) return `${marker} ${line}`.trimEnd();
    return line === '' ? '' : `${indent}${line}`;
  });
}

/** A nested list follows its paragraph at once; everything else after an empty line. */
function itemLines(item: JSONContent, box: string): string[] {
  const [first, ...rest] = item.content ?? [];
  const head = first ? writeBlock(first, 0) : [];
  const lines = [`${box}${head[0] ?? ''}`, ...head.slice(1)];
  const tail = writeBlocks(rest);
  if (tail.length === 0) return lines;
  // An item without words of its own starts with its first block, unless a box stands before it.
  if (head.length === 0 && box === '') return tail;
  const nestsAtOnce = head.length > 0 && (rest[0]?.type === 'bulletList' || rest[0]?.type === 'taskList');
  return nestsAtOnce ? [...lines, ...tail] : [...lines, '', ...tail];
}

function writeOrdered(list: JSONContent, marker: string): string[] {
  const given = Number(list.attrs?.start ?? 1);
  const start = Number.isSafeInteger(given) && given >= 0 ? given : 1;
  return (list.content ?? []).flatMap((item, index) => writeItem(item, `${start + index}${marker}`));
}

function writeTable(rows: readonly JSONContent[]): string[] {
  const [head, ...body] = rows.map((row) => row.content ?? []);
  if (!head) return [];
  const width = body.reduce((most, cells) => Math.max(most, cells.length), head.length);
  const rule = Array.from({ length: width }, (_, index) => alignment(head[index]));
  return [tableLine(head, width), `| ${rule.join(' | ')} |`, ...body.map((cells) => tableLine(cells, width))];
}

function alignment(cell: JSONContent | undefined): string {
  switch (cell?.attrs?.align) {
    case 'left':
      return ':--';
    case 'right':
      return '--:';
    case 'center':
      return ':-:';
    default:
      return '---';
  }
}

function tableLine(cells: readonly JSONContent[], width: number): string {
  const texts = Array.from({ length: width }, (_, index) => cellText(cells[index]));
  return `| ${texts.join(' | ')} |`;
}

/** A cell of a Markdown table has one line: its blocks are parted by breaks. */
function cellText(cell: JSONContent | undefined): string {
  const texts = textblocksOf(cell ?? {}).map((block) => {
    const content = block.type === 'codeBlock' ? asInlineCode(block) : (block.content ?? []);
    return writeInline(content, '<br>');
  });
  return texts
    .filter((text) => text !== '')
    .join('<br>')
    .replace(/\|/g, '\\|');
}

function textblocksOf(node: JSONContent): JSONContent[] {
  if (TEXTBLOCKS.has(node.type ?? '')) return [node];
  return (node.content ?? []).flatMap(textblocksOf);
}

const TEXTBLOCKS: ReadonlySet<string> = new Set(['paragraph', 'heading', 'codeBlock']);

function asInlineCode(block: JSONContent): JSONContent[] {
  const lines = (block.content ?? [])
    .map((node) => node.text ?? '')
    .join('')
    .split('\n');
  return lines.flatMap((text, index): JSONContent[] => {
    const code = text === '' ? [] : [{ type: 'text', text, marks: [{ type: 'code' }] }];
    return index === 0 ? code : [{ type: 'hardBreak' }, ...code];
  });
}
