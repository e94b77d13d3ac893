import type { JSONContent } from '@tiptap/core';
import * as Y from 'yjs';
import { documentToText } from '../../shared/description/text.ts';
import { FRAGMENT } from '../../shared/protocol/collab.ts';

/**
 * The words of a document. Compaction needs no more than these, so it walks the shared types itself: the editor's
 * schema would cost the thread seconds at its start and several times its memory.
 */
export function wordsOf(snapshot: Uint8Array): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, snapshot);
  const words = documentToText({ type: 'doc', content: contentOf(doc.getXmlFragment(FRAGMENT)) });
  doc.destroy();
  return words;
}

const contentOf = (parent: Y.XmlFragment): JSONContent[] => parent.toArray().flatMap(nodesOf);

function nodesOf(child: Y.XmlElement | Y.XmlText | Y.XmlHook): JSONContent[] {
  if (child instanceof Y.XmlText) return [{ type: 'text', text: textOf(child) }];
  if (!(child instanceof Y.XmlElement)) return [];
  return [{ type: child.nodeName, attrs: child.getAttributes(), content: contentOf(child) }];
}

function textOf(text: Y.XmlText): string {
  const delta: { insert?: unknown }[] = text.toDelta();
  return delta.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
}
