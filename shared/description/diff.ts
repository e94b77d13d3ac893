import type { JSONContent } from '@tiptap/core';
import { diffArrays } from 'diff';
import { canonical, joined, sameContent } from './canonical.ts';
import { CHANGE, CHANGES, type Change } from './diff-schema.ts';
import { documentSchema } from './schema.ts';

/**
 * Both documents in one, each difference marked: words and images with the `change` mark, blocks with the `change`
 * attribute of diff-schema.ts. What was removed stands before what was added in its place.
 */
export function diffDocuments(before: JSONContent, after: JSONContent): JSONContent {
  return { ...after, content: diffBlocks(before.content ?? [], after.content ?? []) };
}

/** How many words and blocks a comparison marks, for its heading and for people who do not see colours. */
export function countChanges(compared: JSONContent): Record<Change, number> {
  const counts = { added: 0, removed: 0, changed: 0 };
  count(compared, counts);
  return counts;
}

function diffBlocks(before: readonly JSONContent[], after: readonly JSONContent[]): JSONContent[] {
  const parts = diffArrays([...before], [...after], { comparator: sameContent });
  const result: JSONContent[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const [part, next] = [parts[at], parts[at + 1]];
    if (!part) continue;
    if (part.removed && next?.added) {
      result.push(...diffReplaced(part.value, next.value));
      at += 1;
    } else result.push(...part.value.map((node) => markBlock(node, changeOf(part))));
  }
  return result;
}

const changeOf = ({ added, removed }: { added?: boolean; removed?: boolean }): Change | null => {
  if (added) return 'added';
  return removed ? 'removed' : null;
};

/** Pairs blocks that are versions of each other, in order; the rest went or came as a whole. */
function diffReplaced(before: readonly JSONContent[], after: readonly JSONContent[]): JSONContent[] {
  const result: JSONContent[] = [];
  let from = 0;
  for (const node of after) {
    const match = before.findIndex((other, index) => index >= from && areVersions(other, node));
    if (match < 0) {
      result.push(markBlock(node, 'added'));
      continue;
    }
    result.push(...before.slice(from, match).map((other) => markBlock(other, 'removed')));
    result.push(diffBlock(before[match] ?? node, node));
    from = match + 1;
  }
  return [...result, ...before.slice(from).map((node) => markBlock(node, 'removed'))];
}

/** Blocks that share less than this of their words are not versions of each other. */
const LIKENESS = 0.35;

function areVersions(a: JSONContent, b: JSONContent): boolean {
  if (holdsText(a) !== holdsText(b)) return false;
  if (!holdsText(a) && a.type !== b.type) return false;
  const [left, right] = [wordSet(a), wordSet(b)];
  const shared = [...left].filter((word) => right.has(word)).length;
  const most = Math.max(left.size, right.size);
  return most === 0 ? a.type === b.type : shared / most >= LIKENESS;
}

function diffBlock(before: JSONContent, after: JSONContent): JSONContent {
  const content =
    holdsText(before) && holdsText(after)
      ? diffInline(before.content ?? [], after.content ?? [])
      : diffBlocks(before.content ?? [], after.content ?? []);
  const isReshaped = !sameContent({ ...before, content: [] }, { ...after, content: [] });
  return { ...(isReshaped ? marked(after, 'changed') : after), content };
}

/** Code blocks allow no marks, but what is only shown is not checked: words change in them as everywhere. */
function diffInline(before: readonly JSONContent[], after: readonly JSONContent[]): JSONContent[] {
  const parts = diffArrays(tokens(before), tokens(after), { comparator: sameContent });
  const result: JSONContent[] = [];
  let gone: JSONContent[] = [];
  let come: JSONContent[] = [];
  for (const [at, { removed, added, value }] of parts.entries()) {
    if (removed) gone.push(...value);
    else if (added) come.push(...value);
    else if (gone.length > 0 && parts[at + 1]?.removed && value.every(isSpace)) {
      // A space alone does not part what was rewritten: it reads as one phrase in the place of another.
      gone.push(...value);
      come.push(...value);
    } else {
      result.push(...markAll(gone, 'removed'), ...markAll(come, 'added'), ...value);
      [gone, come] = [[], []];
    }
  }
  return joined([...result, ...markAll(gone, 'removed'), ...markAll(come, 'added')]);
}

const isSpace = ({ text }: JSONContent): boolean => text?.trim() === '';

const markAll = (nodes: readonly JSONContent[], change: Change): JSONContent[] =>
  nodes.map((node) => markInline(node, change));

/** Words, spaces and signs, and images, mentions and line breaks, one by one. */
const tokens = (nodes: readonly JSONContent[]): JSONContent[] =>
  nodes.flatMap((node) =>
    node.text === undefined
      ? [node]
      : (node.text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []).map((text) => ({ ...node, text })),
  );

function markInline(node: JSONContent, change: Change): JSONContent {
  return { ...node, marks: [...(node.marks ?? []), { type: CHANGE, attrs: { kind: change } }] };
}

/** The block and every block in it; words inside need no mark of their own. */
function markBlock(node: JSONContent, change: Change | null): JSONContent {
  if (change === null) return node;
  if (holdsText(node)) {
    return { ...marked(node, change), content: (node.content ?? []).map((one) => markInline(one, change)) };
  }
  return {
    ...marked(node, change),
    ...(node.content && { content: node.content.map((one) => markBlock(one, change)) }),
  };
}

const marked = (node: JSONContent, change: Change): JSONContent => ({
  ...node,
  attrs: { ...node.attrs, [CHANGE]: change },
});

const isInline = ({ type = '' }: JSONContent): boolean => documentSchema.nodes[type]?.isInline ?? false;

const holdsText = (node: JSONContent): boolean =>
  documentSchema.nodes[node.type ?? '']?.isTextblock ?? Boolean(node.content?.some(isInline));

function wordSet(node: JSONContent): ReadonlySet<string> {
  const words = new Set<string>();
  const visit = (one: JSONContent) => {
    if (one.text !== undefined) for (const word of one.text.match(/[\p{L}\p{N}]+/gu) ?? []) words.add(word);
    else if (!one.content && isInline(one)) words.add(canonical(one));
    one.content?.forEach(visit);
  };
  visit(node);
  return words;
}

function count(node: JSONContent, counts: Record<Change, number>): void {
  const own = readChange(node.attrs?.[CHANGE]);
  const inline = readChange(node.marks?.find((mark) => mark.type === CHANGE)?.attrs?.kind);
  if (inline) counts[inline] += node.text?.match(/[\p{L}\p{N}]+/gu)?.length ?? 1;
  // A block whose words are marked is counted by them.
  if (own === 'changed' || (own && !node.content?.length)) counts[own] += 1;
  for (const child of node.content ?? []) count(child, counts);
}

const readChange = (value: unknown): Change | undefined => CHANGES.find((change) => change === value);
