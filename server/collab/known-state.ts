import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/**
 * What a document holds, without the document: how far each Yjs client has written, and what was deleted.
 * Enough to tell whether an update is new, known, or builds on something that is missing, at a fraction of a
 * Y.Doc's memory.
 */
export interface KnownState {
  readonly clocks: Map<number, number>;
  /** Per client: start and end of each deleted range in turn, sorted, apart from each other. */
  readonly deletes: Map<number, number[]>;
}

export interface Range {
  readonly client: number;
  readonly start: number;
  readonly end: number;
}

export const emptyState = (): KnownState => ({ clocks: new Map(), deletes: new Map() });

export const clockOf = (known: KnownState, client: number): number => known.clocks.get(client) ?? 0;

export function raiseClock(clocks: Map<number, number>, client: number, end: number): void {
  if (end > (clocks.get(client) ?? 0)) clocks.set(client, end);
}

export function raiseClocks(clocks: Map<number, number>, by: ReadonlyMap<number, number>): void {
  for (const [client, end] of by) raiseClock(clocks, client, end);
}

/** The bytes of a state vector, as `Y.encodeStateVector` writes them. */
export function encodeClocks(clocks: ReadonlyMap<number, number>): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clocks.size);
  for (const [client, clock] of [...clocks].sort(([a], [b]) => b - a)) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
  }
  return encoding.toUint8Array(encoder);
}

export const decodeClocks = (stateVector: Uint8Array): Map<number, number> =>
  Y.decodeStateVector(stateVector);

/** The same of what a client has sent; null when it cannot be read. */
export function readClocks(stateVector: Uint8Array): Map<number, number> | null {
  try {
    return decodeClocks(stateVector);
  } catch {
    return null;
  }
}

export function isDeleted({ deletes }: KnownState, { client, start, end }: Range): boolean {
  const bounds = deletes.get(client);
  if (!bounds) return false;
  const at = firstEndingFrom(bounds, start + 1);
  return at < bounds.length && (bounds[at] ?? 0) <= start && (bounds[at + 1] ?? 0) >= end;
}

/** Adds a range, melting it with those it touches. */
export function addDelete({ deletes }: KnownState, { client, start, end }: Range): void {
  const bounds = deletes.get(client);
  if (!bounds) {
    deletes.set(client, [start, end]);
    return;
  }
  const from = firstEndingFrom(bounds, start);
  let to = from;
  let low = start;
  let high = end;
  while (to < bounds.length && (bounds[to] ?? 0) <= end) {
    low = Math.min(low, bounds[to] ?? low);
    high = Math.max(high, bounds[to + 1] ?? high);
    to += 2;
  }
  bounds.splice(from, to - from, low, high);
}

/** The index of the first range that ends at `clock` or later. */
function firstEndingFrom(bounds: readonly number[], clock: number): number {
  let low = 0;
  let high = bounds.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle * 2 + 1] ?? 0) < clock) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}
