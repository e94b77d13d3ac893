import type { JSONContent } from '@tiptap/core';
import * as Y from 'yjs';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { documentToText } from '../../shared/description/text.ts';
import { wellFormed } from '../../shared/description/well-formed.ts';

/**
 * Reads a stored document. Compaction needs no more than its words and whom it mentions, so it walks the shared types
 * itself: the editor's schema would cost the thread seconds at its start and several times its memory.
 */
export function readDocument<T>(snapshot: Uint8Array, read: (fragment: Y.XmlFragment) => T): T {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, snapshot);
  const result = read(doc.getXmlFragment(FRAGMENT));
  doc.destroy();
  return result;
}

/** The words of a document or of a part of it, as Postgres takes them. */
export const wordsOf = (part: Y.XmlFragment): string =>
  wellFormed(documentToText({ type: 'doc', content: contentOf(part) }));

/** Deeper than anybody writes: a program's endless nesting must not keep a description from being folded. */
const DEEPEST = 500;

const contentOf = (parent: Y.XmlFragment, depth = 0): JSONContent[] =>
  depth > DEEPEST ? [] : parent.toArray().flatMap((child) => nodesOf(child, depth));

function nodesOf(child: Y.XmlElement | Y.XmlText | Y.XmlHook, depth: number): JSONContent[] {
  if (child instanceof Y.XmlText) return [{ type: 'text', text: textOf(child) }];
  if (!(child instanceof Y.XmlElement)) return [];
  return [{ type: child.nodeName, attrs: child.getAttributes(), content: contentOf(child, depth + 1) }];
}

function textOf(text: Y.XmlText): string {
  const delta: { insert?: unknown }[] = text.toDelta();
  return delta.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
}
