import type { JSONContent } from '@tiptap/core';
import { Mark } from '@tiptap/pm/model';
import { prosemirrorToYXmlFragment, yXmlFragmentToProsemirrorJSON } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { FRAGMENT } from './fragment.ts';
import { documentSchema } from './schema.ts';

/**
 * A new Y.Doc that holds the document, as one binary update.
 *
 * Equal documents give equal bytes, so that storing or seeding one twice changes nothing. Never use it to
 * replace the content of a description that exists: its text would be there twice after a merge.
 * @throws RangeError when the document is not valid against the schema.
 */
export function documentToUpdate(document: JSONContent): Uint8Array {
  const node = documentSchema.nodeFromJSON(document);
  node.check();
  const doc = new Y.Doc();
  doc.clientID = hashOf(JSON.stringify(node.toJSON()));
  doc.transact(() => prosemirrorToYXmlFragment(node, doc.getXmlFragment(FRAGMENT)));
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** The document that an update (a snapshot, or all of a log merged) holds. Nodes unknown here are kept (D7). */
export function updateToDocument(update: Uint8Array): JSONContent {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  const document: JSONContent = yXmlFragmentToProsemirrorJSON(doc.getXmlFragment(FRAGMENT));
  doc.destroy();
  if (!document.content?.length) return { type: 'doc', content: [{ type: 'paragraph' }] };
  return isKnown(document) ? inSchemaForm(document) : withEmbeds(document);
}

/** What stands between the letters of a text, y-tiptap calls a text too: it is a node, of a kind unknown here. */
function withEmbeds(node: JSONContent): JSONContent {
  const { text, ...rest } = node;
  if (node.type === 'text' && typeof text !== 'string')
    return { ...rest, type: 'embed', attrs: { value: text } };
  return node.content ? { ...node, content: node.content.map(withEmbeds) } : node;
}

const isKnown = (node: JSONContent): boolean =>
  (node.type !== 'text' || (typeof node.text === 'string' && node.text !== '')) &&
  Object.hasOwn(documentSchema.nodes, node.type ?? '') &&
  (node.marks ?? []).every((mark) => Object.hasOwn(documentSchema.marks, mark.type)) &&
  (node.content ?? []).every(isKnown);

/** Yjs keeps no absent attributes, and marks in any order; ProseMirror writes all, in one order. */
function inSchemaForm(document: JSONContent): JSONContent {
  return documentSchema.nodeFromJSON(withMarksInOrder(document)).toJSON();
}

function withMarksInOrder(node: JSONContent): JSONContent {
  const ordered = { ...node };
  if (node.marks) {
    const marks = node.marks.map((mark) => documentSchema.markFromJSON(mark));
    ordered.marks = Mark.setFrom(marks).map((mark) => mark.toJSON());
  }
  if (node.content) ordered.content = node.content.map(withMarksInOrder);
  return ordered;
}

/** FNV-1a, 32 bits: a Yjs client id that depends on the content alone. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
