import type { JSONContent } from '@tiptap/core';
import { sameContent } from './canonical.ts';
import type { Unit } from './overlap-units.ts';

/** The same description at the four points of a meeting (D11), as the units that people change one at a time. */
export interface Meeting<T> {
  /** What the device last shared with the server. */
  readonly base: T;
  /** The server's state when the device came back. */
  readonly theirs: T;
  /** The device's state when it came back. */
  readonly yours: T;
  /** All of it. */
  readonly merged: T;
}

/** A unit that both sides changed while apart, as it stands in each version; null where it is not there. */
export interface Overlap {
  readonly id: string;
  readonly kind: 'both-changed' | 'deleted-by-them' | 'deleted-by-you';
  readonly base: JSONContent;
  readonly theirs: JSONContent | null;
  readonly yours: JSONContent | null;
  readonly merged: JSONContent | null;
  /** The units before it in base, the nearest first: where it goes when it has to come back. */
  readonly before: readonly string[];
}

/** Enough to find a place again, without sending a long document's every id. */
const NEIGHBOURS = 20;

/**
 * D11: a unit (top-level block, list item, table cell) that both sides changed while apart, or that one side deleted
 * and the other edited. Never one that only one side changed, nor one that both left equal, nor one that is new:
 * what both sides add stands side by side in the merge.
 */
export function findOverlaps({ base, theirs, yours, merged }: Meeting<readonly Unit[]>): Overlap[] {
  const [inTheirs, inYours, inMerged] = [byId(theirs), byId(yours), byId(merged)];
  return base.flatMap((unit, position) => {
    const nodes = { theirs: inTheirs.get(unit.id) ?? null, yours: inYours.get(unit.id) ?? null };
    const kind = judge(unit.node, nodes.theirs, nodes.yours);
    if (kind === null) return [];
    const before = base.slice(Math.max(0, position - NEIGHBOURS), position).map(({ id }) => id);
    const found = { id: unit.id, kind, base: unit.node, ...nodes, merged: inMerged.get(unit.id) ?? null };
    return [{ ...found, before: before.reverse() }];
  });
}

function judge(
  base: JSONContent,
  theirs: JSONContent | null,
  yours: JSONContent | null,
): Overlap['kind'] | null {
  if (same(theirs, base) || same(yours, base) || same(theirs, yours)) return null;
  if (theirs === null) return 'deleted-by-them';
  return yours === null ? 'deleted-by-you' : 'both-changed';
}

const same = (a: JSONContent | null, b: JSONContent | null): boolean =>
  a === null || b === null ? a === b : sameContent(a, b);

const byId = (units: readonly Unit[]): ReadonlyMap<string, JSONContent> =>
  new Map(units.map(({ id, node }) => [id, node]));
