import * as Y from 'yjs';

export interface Unmerged {
  readonly snapshot: Uint8Array | null;
  readonly updates: readonly Uint8Array[];
}

export interface Merged {
  readonly snapshot: Uint8Array;
  readonly stateVector: Uint8Array;
  /** Positions in `updates` of those that would not apply; the rest is in the snapshot. */
  readonly refused: readonly number[];
}

/**
 * Folds a snapshot and the updates after it into one. One transaction into a fresh document is far quicker than
 * merging the updates pair by pair, and gives the smallest snapshot.
 */
export function mergeDescription({ snapshot, updates }: Unmerged): Merged {
  const refused = new Set<number>();
  for (;;) {
    const doc = new Y.Doc();
    const failed = applyAll(doc, snapshot, updates, refused);
    // A failed update leaves the document half changed: begin again without it.
    if (failed === null) {
      const merged = { snapshot: Y.encodeStateAsUpdate(doc), stateVector: Y.encodeStateVector(doc) };
      doc.destroy();
      return { ...merged, refused: [...refused] };
    }
    doc.destroy();
    refused.add(failed);
  }
}

/** Applies all but the refused; gives the position of the first that fails, or null. */
function applyAll(
  doc: Y.Doc,
  snapshot: Uint8Array | null,
  updates: readonly Uint8Array[],
  refused: ReadonlySet<number>,
): number | null {
  let failed: number | null = null;
  doc.transact(() => {
    if (snapshot) Y.applyUpdate(doc, snapshot);
    for (const [position, update] of updates.entries()) {
      if (failed !== null) return;
      if (refused.has(position)) continue;
      try {
        Y.applyUpdate(doc, update);
      } catch {
        failed = position;
      }
    }
  });
  return failed;
}
