import type { JSONContent } from '@tiptap/core';
import { Mark } from '@tiptap/pm/model';
import { documentSchema } from './schema.ts';

/**
 * Fits any tree of the schema's nodes into the schema: what stands where it may not is wrapped or moved beside
 * its parent, never dropped. Only emptiness goes: blank paragraphs and the spaces around a block's text.
 */
export function fitDocument(tree: JSONContent): JSONContent {
  return { type: 'doc', content: atLeastOne(blocks(fitAll(tree))) };
}

const INLINE: ReadonlySet<string> = new Set(['text', 'hardBreak', 'image']);
const isInline = (node: JSONContent): boolean => INLINE.has(node.type ?? '');

const fitAll = (parent: JSONContent): JSONContent[] => (parent.content ?? []).flatMap(fitNode);

/** The node as one or several that fit beside each other as blocks (or inline, where it is inline). */
function fitNode(node: JSONContent): JSONContent[] {
  switch (node.type) {
    case 'text':
      return [inOrder(node)];
    case 'hardBreak':
      return [unmarked(node)];
    case 'image':
      return [unmarked(node), ...linkBeside(node)];
    case 'horizontalRule':
      return [{ type: node.type }];
    case 'paragraph':
    case 'heading':
      return blocks(fitAll(node), node);
    case 'codeBlock':
      return [{ ...node, content: codeOf(node) }];
    case 'bulletList':
    case 'orderedList':
      return lists(node);
    case 'table':
      return table(node);
    case 'blockquote':
      return [{ ...node, content: atLeastOne(blocks(fitAll(node))) }];
    default:
      // An item, row or cell without its list or table: its content stays.
      return fitAll(node);
  }
}

/** Runs of inline nodes become `textblock`s (paragraphs unless told otherwise), blocks stay between them. */
function blocks(
  nodes: readonly JSONContent[],
  textblock: JSONContent = { type: 'paragraph' },
): JSONContent[] {
  const result: JSONContent[] = [];
  let run: JSONContent[] = [];
  const endRun = () => {
    const content = trimmed(run);
    if (content.length > 0) result.push({ ...textblock, content });
    run = [];
  };
  for (const node of nodes) {
    if (isInline(node)) {
      run.push(node);
    } else {
      endRun();
      result.push(node);
    }
  }
  endRun();
  return result;
}

const atLeastOne = (nodes: JSONContent[]): JSONContent[] =>
  nodes.length > 0 ? nodes : [{ type: 'paragraph' }];

/** Joins neighbours with equal marks, so that equal texts are equal trees, and strips the outer spaces. */
function trimmed(run: readonly JSONContent[]): JSONContent[] {
  const nodes: JSONContent[] = [];
  for (const node of run) {
    const last = nodes.at(-1);
    const text = node.text?.replace(/\n/g, ' ');
    if (last?.text !== undefined && text !== undefined && sameMarks(last, node))
      nodes[nodes.length - 1] = { ...last, text: `${last.text}${text}` };
    else nodes.push(text === undefined ? node : { ...node, text });
  }
  return trimEnd(trimStart(nodes));
}

const sameMarks = (one: JSONContent, other: JSONContent): boolean =>
  JSON.stringify(one.marks ?? []) === JSON.stringify(other.marks ?? []);

function trimStart(nodes: readonly JSONContent[]): JSONContent[] {
  const start = nodes.findIndex((node) => node.text?.trim() !== '');
  const [first, ...rest] = start < 0 ? [] : nodes.slice(start);
  if (first?.text === undefined) return first ? [first, ...rest] : [];
  return [{ ...first, text: first.text.trimStart() }, ...rest];
}

function trimEnd(nodes: readonly JSONContent[]): JSONContent[] {
  const end = nodes.findLastIndex((node) => node.text?.trim() !== '');
  const last = nodes[end];
  if (last?.text === undefined) return nodes.slice(0, end + 1);
  return [...nodes.slice(0, end), { ...last, text: last.text.trimEnd() }];
}

/** Marks once each, in the schema's order, without those that exclude each other. */
function inOrder(node: JSONContent): JSONContent {
  if (!node.marks) return node;
  const set = node.marks
    .map((mark) => documentSchema.markFromJSON(mark))
    .reduce((marks, mark) => mark.addToSet(marks), Mark.none);
  return { ...node, marks: set.map((mark) => ({ type: mark.type.name, attrs: mark.attrs })) };
}

/** Only text has marks: see schema.ts. */
const unmarked = ({ marks: _marks, ...node }: JSONContent): JSONContent => node;

/** Where an image leads that was a link, unless to itself in full size, as many trackers write it. */
function linkBeside({ attrs = {}, marks = [] }: JSONContent): JSONContent[] {
  const link = marks.find(({ type }) => type === 'link');
  const href: unknown = link?.attrs?.href;
  if (!link || typeof href !== 'string' || href === attrs.src) return [];
  const alt: unknown = attrs.alt;
  const text = typeof alt === 'string' && alt.trim() !== '' ? alt : href;
  return [
    { type: 'text', text: ' ' },
    { type: 'text', text, marks: [link] },
  ];
}

function codeOf(node: JSONContent): JSONContent[] {
  const text = codeText(node).replace(/^\n|\n$/g, '');
  return text === '' ? [] : [{ type: 'text', text }];
}

function codeText(node: JSONContent): string {
  if (node.type === 'hardBreak') return '\n';
  if (node.type === 'image') return [node.attrs?.alt, node.attrs?.src].filter(Boolean).join(' ');
  return node.text ?? (node.content ?? []).map(codeText).join('');
}

/** One list for each run of items of a kind: a task list holds tasks only. */
function lists(list: JSONContent): JSONContent[] {
  const result: JSONContent[] = [];
  for (const item of itemsOf(list)) {
    const type = item.type === 'taskItem' ? 'taskList' : list.type;
    const last = result.at(-1);
    if (last && last.type === type) last.content?.push(item);
    else result.push(type === list.type ? { ...list, content: [item] } : { type, content: [item] });
  }
  return result;
}

function itemsOf(list: JSONContent): JSONContent[] {
  return (list.content ?? []).flatMap((child) => {
    const isItem = child.type === 'listItem' || child.type === 'taskItem';
    const content = blocks(isItem ? fitAll(child) : fitNode(child));
    if (!isItem && content.length === 0) return [];
    const startsRight = content[0]?.type === 'paragraph';
    const item = isItem ? child : { type: 'listItem' };
    return [{ ...item, content: startsRight ? content : [{ type: 'paragraph' }, ...content] }];
  });
}

/** Rows of equal length; what stands between rows is moved before the table. */
function table(node: JSONContent): JSONContent[] {
  const children = node.content ?? [];
  const strays = blocks(children.filter((child) => child.type !== 'tableRow').flatMap(fitNode));
  const rows = children.filter((child) => child.type === 'tableRow').map(cellsOf);
  const width = rows.reduce((most, cells) => Math.max(most, cells.length), 0);
  if (width === 0) return strays;
  const spans = rows
    .flat()
    .some((cell) => Number(cell.attrs?.colspan ?? 1) * Number(cell.attrs?.rowspan ?? 1) > 1);
  const content = rows.map((cells) => ({ type: 'tableRow', content: spans ? cells : padded(cells, width) }));
  return [...strays, { type: 'table', content }];
}

function cellsOf(row: JSONContent): JSONContent[] {
  return (row.content ?? []).flatMap((child) => {
    const isCell = child.type === 'tableCell' || child.type === 'tableHeader';
    const content = blocks(isCell ? fitAll(child) : fitNode(child));
    if (!isCell && content.length === 0) return [];
    return [{ ...(isCell ? child : { type: 'tableCell' }), content: atLeastOne(content) }];
  });
}

function padded(cells: readonly JSONContent[], width: number): JSONContent[] {
  const missing = Array.from({ length: width - cells.length }, () => ({
    type: 'tableCell',
    content: [{ type: 'paragraph' }],
  }));
  return [...cells, ...missing];
}
