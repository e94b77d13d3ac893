import * as Y from 'yjs';

/** A point in a document's history: how far each Yjs client had written, and what was deleted. */
export type Point = Y.Snapshot;

/** What two copies share: the last state both of them have passed through, or what both came to alike. */
export function commonPoint(a: Point, b: Point): Point {
  const sv = new Map<number, number>();
  for (const [client, clock] of a.sv) {
    const shared = Math.min(clock, b.sv.get(client) ?? 0);
    if (shared > 0) sv.set(client, shared);
  }
  const ds = Y.createDeleteSet();
  for (const [client, ranges] of a.ds.clients) {
    const shared = intersect(ranges, b.ds.clients.get(client) ?? []);
    if (shared.length > 0) ds.clients.set(client, shared);
  }
  return Y.createSnapshot(ds, sv);
}

/** All that two copies hold together. */
export function mergedPoint(a: Point, b: Point): Point {
  const sv = new Map(a.sv);
  for (const [client, clock] of b.sv) sv.set(client, Math.max(clock, sv.get(client) ?? 0));
  return Y.createSnapshot(Y.mergeDeleteSets([a.ds, b.ds]), sv);
}

/**
 * The document at a point, from one that holds its whole history (`gc: false`). What the history does not hold, a
 * forged or damaged point's claim, is left out.
 */
export function documentAt(history: Y.Doc, point: Point): Y.Doc {
  const held = Y.createSnapshot(point.ds, Y.snapshot(history).sv);
  return Y.createDocFromSnapshot(history, commonPoint(point, held));
}

type Ranges = { clock: number; len: number }[];

function intersect(a: Ranges, b: Ranges): Ranges {
  const [left, right] = [sorted(a), sorted(b)];
  const shared: Ranges = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [one, other] = [left[i], right[j]];
    if (!one || !other) break;
    const start = Math.max(one.clock, other.clock);
    const end = Math.min(one.clock + one.len, other.clock + other.len);
    if (end > start) shared.push({ clock: start, len: end - start });
    if (one.clock + one.len < other.clock + other.len) i += 1;
    else j += 1;
  }
  return shared;
}

const sorted = (ranges: Ranges): Ranges => [...ranges].sort((a, b) => a.clock - b.clock);
