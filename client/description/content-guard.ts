import type { Schema } from '@tiptap/pm/model';
import type * as Y from 'yjs';
import { SCHEMA_VERSION } from '../../shared/description/schema-version.ts';
import { mendContent } from './mend-content.ts';
import { createValue, type Observable } from './observable.ts';
import { placeTexts } from './text-places.ts';
import { changesHoldUnknown, holdsUnknown } from './unknown-content.ts';

/**
 * Why no editor may have the document. `newer`: it was made by a newer editor, or holds what this one does not know
 * (D7). `incomplete`: a merge has left it with less than the editor needs, and only who may write can add that (D8).
 * `damaged`: what it holds is put together in a way that the editor could only delete. `unloaded`: there is no
 * editor, its code could not be loaded.
 */
export type BeyondUs = 'no' | 'newer' | 'incomplete' | 'damaged' | 'unloaded';

/**
 * Looks at what arrives before any editor's binding sees it: what the schema does not know keeps the editor away
 * for good (D7); what a merge has left incomplete is mended, or keeps the editor away until it is.
 */
export interface ContentGuard {
  readonly beyondUs: Observable<BeyondUs>;
  /** Grows with each change of `beyondUs`, so that an answer which came back to what it was is seen as another. */
  readonly turn: Observable<number>;
  /** @param schema Null when it could not be loaded. */
  start(schema: Schema | null, schemaVersion: number): void;
  /** Whether this person may write here; not before somebody says so. */
  setMayWrite(mayWrite: boolean): void;
}

/** @param sendAll Called after a mend that left this device with what no frame has carried. */
export function guardContent(fragment: Y.XmlFragment, doc: Y.Doc, sendAll: () => void): ContentGuard {
  const beyondUs = createValue<BeyondUs>('no');
  const turn = createValue(0);
  beyondUs.subscribe(() => turn.set(turn.get() + 1));
  let mayWrite = false;
  let known: Schema | null = null;

  const look = (roots: Iterable<unknown>, schema: Schema) => {
    const mended = mendContent(roots, schema, mayWrite);
    if (mended === 'hopeless') beyondUs.set('damaged');
    else beyondUs.set(mended === 'incomplete' ? mended : 'no');
    return mended;
  };
  const follow = (schema: Schema) => (transaction: Y.Transaction) => {
    if (transaction.local || beyondUs.get() === 'newer') return;
    const types: unknown[] = [...transaction.changed.keys()];
    if (changesHoldUnknown(types, fragment, schema)) return beyondUs.set('newer');
    const isWhole = beyondUs.get() !== 'no' || types.includes(fragment);
    const mended = look(isWhole ? fragment.toArray() : types, schema);
    // Within what another device brought, nothing counts as this device's own and is sent.
    if (mended === 'mended') doc.once('afterAllTransactions', () => queueMicrotask(sendAll));
  };
  return {
    beyondUs,
    turn,
    start(schema, schemaVersion) {
      if (!schema) return beyondUs.set('unloaded');
      if (schemaVersion > SCHEMA_VERSION || holdsUnknown(fragment, schema)) return beyondUs.set('newer');
      known = schema;
      look(fragment.toArray(), schema);
      doc.on('beforeObserverCalls', follow(schema));
      placeTexts(doc, schema);
    },
    setMayWrite(next) {
      mayWrite = next;
      if (known && beyondUs.get() === 'incomplete') look(fragment.toArray(), known);
    },
  };
}
