import type { JSONContent } from '@tiptap/core';
import type { Overlap } from './overlap.ts';
import { type IdentifiedNode, isCell, isItem, isList, plain } from './overlap-units.ts';

/** What a person chose for one overlapping unit: what stands in its place; nothing: it goes, or stays away. */
export interface Choice extends Pick<Overlap, 'id' | 'before'> {
  readonly nodes: readonly JSONContent[];
}

/**
 * The document with what was chosen in it (D12). A unit that is there is replaced where it stands; one that was
 * deleted comes back after the nearest unit that preceded it.
 */
export function applyChoices(document: IdentifiedNode, choices: readonly Choice[]): JSONContent {
  return plain(choices.reduce(applyChoice, document));
}

function applyChoice(document: IdentifiedNode, choice: Choice): IdentifiedNode {
  if (has(document, choice.id)) {
    return {
      ...document,
      content: edit(document.content ?? [], choice.id, (node) => replaced(node, choice)),
    };
  }
  // Each is put right behind the same neighbour, so the last one goes first.
  return choice.nodes.reduceRight<IdentifiedNode>((into, node) => inserted(into, choice, node), document);
}

/** Lists inside an item are units of their own: they stay. A cell cannot go without its row: it is emptied. */
function replaced(old: IdentifiedNode, { nodes }: Choice): IdentifiedNode[] {
  const inner = isItem(old) ? (old.content ?? []).filter(isList) : [];
  const [node, ...more] = nodes;
  if (node) return [{ ...node, ...idOf(old), content: [...(node.content ?? []), ...inner] }, ...more];
  if (isCell(old)) return [{ ...old, content: [{ type: 'paragraph' }] }];
  return inner.flatMap((list) => list.content ?? []);
}

function inserted(document: IdentifiedNode, choice: Choice, node: JSONContent): IdentifiedNode {
  const content = document.content ?? [];
  const neighbour = choice.before.find((id) => has(document, id));
  if (neighbour === undefined) return { ...document, content: [...standing(node), ...content] };
  const found = find(document, neighbour);
  if (found && isItem(node) && found.type === node.type) {
    return { ...document, content: edit(content, neighbour, (old) => [old, node]) };
  }
  const at = content.findIndex((block) => has(block, neighbour));
  return { ...document, content: content.toSpliced(at + 1, 0, ...standing(node)) };
}

/** The node in a form that can stand at the top of a document. */
export function standing(node: JSONContent): JSONContent[] {
  if (isCell(node)) return node.content ?? [];
  if (node.type === 'taskItem') return [{ type: 'taskList', content: [node] }];
  return isItem(node) ? [{ type: 'bulletList', content: [node] }] : [node];
}

/** Puts something in the place of one node; a list left without items goes with its last. */
function edit(
  nodes: readonly IdentifiedNode[],
  id: string,
  change: (node: IdentifiedNode) => IdentifiedNode[],
): IdentifiedNode[] {
  return nodes.flatMap((node) => {
    if (node.id === id) return change(node);
    if (!node.content || !has(node, id)) return [node];
    const content = edit(node.content, id, change);
    return isList(node) && content.length === 0 ? [] : [{ ...node, content }];
  });
}

const idOf = ({ id }: IdentifiedNode) => (id === undefined ? {} : { id });

const has = (node: IdentifiedNode, id: string): boolean => find(node, id) !== null;

/** The node with this identity, in the document or one of its parts. */
export function find(node: IdentifiedNode, id: string): IdentifiedNode | null {
  if (node.id === id) return node;
  for (const child of node.content ?? []) {
    const found = find(child, id);
    if (found) return found;
  }
  return null;
}
