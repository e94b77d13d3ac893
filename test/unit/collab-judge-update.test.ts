import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { absorb, judgeUpdate, usablePart } from '../../server/collab/judge-update.ts';
import { emptyState, encodeClocks, isDeleted, type KnownState } from '../../server/collab/known-state.ts';

/** Edits of two people who hear of each other now and then: the updates in the order they came about. */
const sessions = fc.array(
  fc.record({
    who: fc.integer({ min: 0, max: 1 }),
    at: fc.nat(40),
    what: fc.constantFrom('insert', 'delete', 'format', 'meet'),
  }),
  { minLength: 1, maxLength: 60 },
);

function updatesOf(edits: readonly { who: number; at: number; what: string }[]): Uint8Array[] {
  const docs = [new Y.Doc(), new Y.Doc()];
  const updates: Uint8Array[] = [];
  for (const [id, doc] of docs.entries()) {
    doc.clientID = id + 1;
    doc.on('update', (update: Uint8Array, origin: unknown) => origin !== 'meet' && updates.push(update));
  }
  for (const { who, at, what } of edits) {
    const [mine, theirs] = who === 0 ? docs : [docs[1], docs[0]];
    if (!mine || !theirs) continue;
    const text = mine.getText('default');
    if (what === 'insert') text.insert(at % (text.length + 1), 'ab');
    if (what === 'delete' && text.length > 0) text.delete(at % text.length, 1);
    if (what === 'format' && text.length > 0) text.format(at % text.length, 1, { bold: true });
    if (what === 'meet')
      Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs, Y.encodeStateVector(mine)), 'meet');
  }
  return updates;
}

function take(known: KnownState, update: Uint8Array): string {
  const judgement = judgeUpdate(known, update);
  if (judgement.kind === 'new') absorb(known, judgement.parts);
  return judgement.kind;
}

describe('judging an update without the document', () => {
  it('agrees with Yjs on every update in order: it is new where it changes the document, then known, with the same state vector', () => {
    fc.assert(
      fc.property(sessions, (edits) => {
        const doc = new Y.Doc();
        const known = emptyState();
        for (const update of updatesOf(edits)) {
          let changes = false;
          doc.once('update', () => {
            changes = true;
          });
          Y.applyUpdate(doc, update);
          expect(take(known, update)).toBe(changes ? 'new' : 'known');
          expect(take(known, update)).toBe('known');
          expect(encodeClocks(known.clocks)).toEqual(Y.encodeStateVector(doc));
        }
        expect(take(known, Y.encodeStateAsUpdate(doc))).toBe('known');
      }),
    );
  });

  it('finds a gap exactly where Yjs would hold content back', () => {
    fc.assert(
      fc.property(sessions, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (edits, dropped) => {
        const known = emptyState();
        const taken = new Y.Doc();
        for (const [at, update] of updatesOf(edits).entries()) {
          if (dropped[at]) continue;
          const trial = new Y.Doc();
          Y.applyUpdate(trial, Y.encodeStateAsUpdate(taken));
          Y.applyUpdate(trial, update);
          const isHeldBack = trial.store.pendingStructs !== null || trial.store.pendingDs !== null;
          const kind = take(known, update);
          expect(kind === 'gap').toBe(isHeldBack);
          if (kind === 'new') Y.applyUpdate(taken, update);
        }
      }),
    );
  });

  it('keeps of an update with gaps what Yjs would show, and nothing that waits', () => {
    fc.assert(
      fc.property(sessions, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (edits, dropped) => {
        const heard = updatesOf(edits).filter((_, at) => !dropped[at]);
        if (heard.length === 0) return;
        const holder = new Y.Doc();
        for (const update of heard) Y.applyUpdate(holder, update);
        const kept = usablePart(emptyState(), Y.encodeStateAsUpdate(holder));
        const doc = new Y.Doc();
        if (kept) Y.applyUpdate(doc, kept.update);
        expect(doc.getText('default').toDelta()).toEqual(holder.getText('default').toDelta());
        expect(doc.store.pendingStructs).toBeNull();
        expect(doc.store.pendingDs).toBeNull();
      }),
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['new', 'known', 'gap', 'malformed']).toContain(judgeUpdate(emptyState(), bytes).kind);
      }),
    );
  });

  it('remembers deletions as ranges that melt together', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 8 }))), (ranges) => {
        const known = emptyState();
        const model = new Set<number>();
        for (const [start, length] of ranges) {
          absorb(known, { ends: new Map(), deletes: [{ client: 1, start, end: start + length }] });
          for (let at = start; at < start + length; at += 1) model.add(at);
        }
        for (let at = 0; at < 60; at += 1) {
          expect(isDeleted(known, { client: 1, start: at, end: at + 1 })).toBe(model.has(at));
        }
        const bounds = known.deletes.get(1) ?? [];
        expect(bounds).toEqual([...new Set(bounds)].sort((a, b) => a - b));
      }),
    );
  });
});
