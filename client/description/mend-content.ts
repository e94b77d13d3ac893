import type { ContentMatch, Fragment, NodeType, Node as ProseMirrorNode, Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';

/** The origin of a mend: a change of this device's own, so that the others get it too. */
const MEND = Symbol('mended content');

/**
 * `incomplete`: something is missing, and it is not this person's to add. `hopeless`: a node holds what its rules do
 * not allow, and nothing that could be added would allow it.
 */
export type Mended = 'sound' | 'mended' | 'incomplete' | 'hopeless';

/**
 * Merging can leave a node with less than its rules ask for: one person deletes a list item's paragraph while
 * another gives the item a nested list. The editor's binding deletes such a node with every word in it. So what is
 * missing is added, empty, before the binding looks. A node without words is left to the binding.
 *
 * @param mayWrite Whether this device may change the description: a reader's only finds out.
 */
export function mendContent(roots: Iterable<unknown>, schema: Schema, mayWrite: boolean): Mended {
  const gaps: Gap[] = [];
  for (const root of roots) {
    if (root instanceof Y.XmlElement && !findGaps(root, schema, gaps)) return 'hopeless';
  }
  const [first] = gaps;
  if (!first) return 'sound';
  if (!mayWrite) return 'incomplete';
  first.parent.doc?.transact(() => {
    for (const { parent, index, missing } of gaps) parent.insert(index, missing.map(elementOf));
  }, MEND);
  return 'mended';
}

interface Gap {
  readonly parent: Y.XmlElement;
  readonly index: number;
  readonly missing: readonly ProseMirrorNode[];
}

/** False when something stands where nothing can make room for it. Later gaps of a parent come first. */
function findGaps(element: Y.XmlElement, schema: Schema, gaps: Gap[]): boolean {
  const type = schema.nodes[element.nodeName];
  if (!type || !hasWords(element, schema)) return true;
  const own: Gap[] = [];
  let match: ContentMatch = type.contentMatch;
  for (const [index, child] of element.toArray().entries()) {
    if (child instanceof Y.XmlElement && !findGaps(child, schema, gaps)) return false;
    const childType = typeOf(child, schema);
    if (!childType) continue;
    const missing = match.matchType(childType) ? [] : fillBefore(match, childType, schema);
    if (missing === null) return false;
    if (missing.length > 0) own.unshift({ parent: element, index, missing });
    const next = follow(match, [...missing.map((node) => node.type), childType]);
    if (!next) return false;
    match = next;
  }
  const rest = match.validEnd ? fragmentOf(schema) : match.fillBefore(fragmentOf(schema), true);
  if (!rest) return false;
  if (rest.childCount > 0) own.unshift({ parent: element, index: element.length, missing: childrenOf(rest) });
  gaps.push(...own);
  return true;
}

/** Text that was emptied leaves an empty Y.XmlText behind, which is nothing to the editor. */
function typeOf(child: Y.XmlElement | Y.XmlText | Y.XmlHook, schema: Schema): NodeType | undefined {
  if (child instanceof Y.XmlText) return child.length > 0 ? schema.nodes.text : undefined;
  return child instanceof Y.XmlElement ? schema.nodes[child.nodeName] : undefined;
}

function fillBefore(match: ContentMatch, type: NodeType, schema: Schema): ProseMirrorNode[] | null {
  const node = type.isText ? schema.text('x') : type.createAndFill();
  const fill = node && match.fillBefore(fragmentOf(schema, node));
  return fill ? childrenOf(fill) : null;
}

/** Made with the schema at hand, as ProseMirror's own classes are loaded with the editor only. */
const fragmentOf = (schema: Schema, node?: ProseMirrorNode): Fragment =>
  schema.topNodeType.create(null, node).content;

function follow(match: ContentMatch, types: readonly NodeType[]): ContentMatch | null {
  let next: ContentMatch | null = match;
  for (const type of types) next = next?.matchType(type) ?? null;
  return next;
}

const childrenOf = (fragment: Fragment): ProseMirrorNode[] =>
  Array.from({ length: fragment.childCount }, (_, index) => fragment.child(index));

/** Mentions, images and the like say something too. */
function hasWords(element: Y.XmlElement, schema: Schema): boolean {
  return element.toArray().some((child) => {
    if (child instanceof Y.XmlText) return child.length > 0;
    if (!(child instanceof Y.XmlElement)) return false;
    return schema.nodes[child.nodeName]?.isLeaf || hasWords(child, schema);
  });
}

function elementOf(node: ProseMirrorNode): Y.XmlElement {
  const element = new Y.XmlElement(node.type.name);
  element.insert(0, childrenOf(node.content).map(elementOf));
  return element;
}
