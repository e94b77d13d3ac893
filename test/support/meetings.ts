import type { JSONContent } from '@tiptap/core';
import { updateYFragment } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { findOverlaps, type Overlap } from '../../shared/description/overlap.ts';
import { meetingOf } from '../../shared/description/overlap-meeting.ts';
import { type IdentifiedNode, identifiedDocument, unitsOf } from '../../shared/description/overlap-units.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { documentToUpdate } from '../../shared/description/yjs.ts';

/** Two copies of one document, on a server and on a device. */
export interface Copies {
  readonly server: Y.Doc;
  readonly device: Y.Doc;
}

export function copiesOf(document: JSONContent): Copies {
  const update = documentToUpdate(document);
  const copy = () => {
    const doc = new Y.Doc({ gc: false });
    Y.applyUpdate(doc, update);
    return doc;
  };
  return { server: copy(), device: copy() };
}

/** Merges both copies, and says what both sides changed since they last did. */
export function meet({ server, device }: Copies): Overlap[] {
  const points = { theirs: Y.snapshot(server), yours: Y.snapshot(device) };
  Y.applyUpdate(server, Y.encodeStateAsUpdate(device));
  Y.applyUpdate(device, Y.encodeStateAsUpdate(server));
  const { base, theirs, yours, merged } = meetingOf(server, points);
  return findOverlaps({
    base: unitsOf(base),
    theirs: unitsOf(theirs),
    yours: unitsOf(yours),
    merged: unitsOf(merged),
  });
}

/** Makes a copy hold this document, the way the editor's binding does after one edit. */
export function write(doc: Y.Doc, document: JSONContent): void {
  const fragment = doc.getXmlFragment(FRAGMENT);
  const node = documentSchema.nodeFromJSON(document);
  doc.transact(() => updateYFragment(doc, fragment, node, { mapping: new Map(), isOMark: new Map() }));
}

export const read = (doc: Y.Doc): IdentifiedNode => identifiedDocument(doc.getXmlFragment(FRAGMENT));

export function textOf(node: JSONContent | null): string {
  if (node === null) return '';
  return node.text ?? (node.content ?? []).map(textOf).join('');
}

export const paragraph = (text: string): JSONContent => ({
  type: 'paragraph',
  ...(text !== '' && { content: [{ type: 'text', text }] }),
});

export const documentOf = (...content: JSONContent[]): JSONContent => ({ type: 'doc', content });
