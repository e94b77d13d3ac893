import type { JSONContent } from '@tiptap/core';
import { yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap';
import * as Y from 'yjs';

/** A node with the identity of its Yjs element, which every replica and every version shares. Text has none. */
export interface IdentifiedNode extends JSONContent {
  readonly id?: string;
  content?: IdentifiedNode[];
}

/** What people change one at a time: a top-level block, a list item without the lists in it, or a table cell. */
export interface Unit {
  readonly id: string;
  readonly node: JSONContent;
}

const LISTS: ReadonlySet<string | undefined> = new Set(['bulletList', 'orderedList', 'taskList']);

export const isList = ({ type }: JSONContent): boolean => LISTS.has(type);
export const isItem = ({ type }: JSONContent): boolean => type === 'listItem' || type === 'taskItem';
export const isCell = ({ type }: JSONContent): boolean => type === 'tableCell' || type === 'tableHeader';

/** The document in this fragment, each node with its identity. */
export function identifiedDocument(fragment: Y.XmlFragment): IdentifiedNode {
  const document: JSONContent = yXmlFragmentToProsemirrorJSON(fragment);
  return { ...document, content: identifyAll(fragment, document.content ?? []) };
}

/** A document's units in reading order. */
export const unitsOf = (document: IdentifiedNode): Unit[] => (document.content ?? []).flatMap(unitsIn);

/** The node without the identities in it. */
export function plain({ id: _id, content, ...node }: IdentifiedNode): JSONContent {
  return content ? { ...node, content: content.map(plain) } : node;
}

function unitsIn(node: IdentifiedNode): Unit[] {
  const children = node.content ?? [];
  if (isList(node) || node.type === 'table' || node.type === 'tableRow') return children.flatMap(unitsIn);
  if (node.id === undefined) return [];
  if (!isItem(node)) return [{ id: node.id, node: plain(node) }];
  const own = { ...node, content: children.filter((child) => !isList(child)) };
  return [{ id: node.id, node: plain(own) }, ...children.filter(isList).flatMap(unitsIn)];
}

/** Walks elements and nodes side by side: a Y.XmlText becomes as many nodes as it has runs of marks. */
function identifyAll(parent: Y.XmlFragment, nodes: readonly JSONContent[]): IdentifiedNode[] {
  const result: IdentifiedNode[] = [];
  for (const child of parent.toArray()) {
    const count = child instanceof Y.XmlText ? child.toDelta().length : 1;
    const own = nodes.slice(result.length, result.length + count);
    result.push(...(child instanceof Y.XmlElement ? own.map((node) => identify(child, node)) : own));
  }
  return result;
}

function identify(element: Y.XmlElement, node: JSONContent): IdentifiedNode {
  const id = element._item?.id;
  const content = node.content && { content: identifyAll(element, node.content) };
  return { ...node, ...(id && { id: `${id.client}:${id.clock}` }), ...content };
}
