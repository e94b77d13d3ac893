import type { JSONContent } from '@tiptap/core';
import { updateYFragment } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { documentSchema } from '../../shared/description/schema.ts';
import type { Session } from './session.ts';

/** What became of putting other content into a description; `undo` takes exactly that back, and nothing written since. */
export type Replaced =
  | { readonly ok: true; readonly undo: () => void }
  | { readonly ok: false; readonly reason: string };

const BEYOND_US =
  'This description holds something this version of Rejoin does not know. Reload the page and try again.';

/**
 * Makes a description hold this document, as one normal change: only what differs is written, history and what
 * others write at the same time stay. Nothing is put in place of content that this editor does not know (D7). Only
 * for somebody who may write here.
 */
export function replaceContent(session: Session, document: JSONContent): Replaced {
  const { doc, fragment, beyondUs } = session;
  session.setMayWrite(true);
  if (beyondUs.get() !== 'no') return { ok: false, reason: BEYOND_US };
  const node = readDocument(document);
  if (!node) return { ok: false, reason: BEYOND_US };
  const origin = Symbol('replaced content');
  const undoing = new Y.UndoManager(fragment, { trackedOrigins: new Set([origin]), captureTimeout: 0 });
  // Yjs counts a transaction as local whatever its origin, so it is saved like typing.
  doc.transact(() => {
    updateYFragment(doc, fragment, node, { mapping: new Map(), isOMark: new Map() });
  }, origin);
  return {
    ok: true,
    undo() {
      undoing.undo();
      undoing.destroy();
    },
  };
}

function readDocument(document: JSONContent) {
  try {
    const node = documentSchema.nodeFromJSON(document);
    node.check();
    return node;
  } catch {
    return null; // not a document of this schema
  }
}
