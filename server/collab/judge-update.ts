import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { addDelete, clockOf, isDeleted, type KnownState, type Range, raiseClock } from './known-state.ts';

/** An update that was read: what it would add. */
export interface UpdateParts {
  /** How far each client it writes for would have written. */
  readonly ends: ReadonlyMap<number, number>;
  readonly deletes: readonly Range[];
}

/**
 * `known`: it adds nothing.
 * `gap`: it builds on content that is missing; a Y.Doc would have to hold it back, so it is not stored.
 */
export type Judgement =
  | { readonly kind: 'new'; readonly parts: UpdateParts }
  | { readonly kind: 'known' }
  | { readonly kind: 'gap' }
  | { readonly kind: 'malformed' };

type Decoded = ReturnType<typeof Y.decodeUpdate>;
type Struct = Decoded['structs'][number];

/** What an update means to a document that holds `known`. Pure; reads the whole update, so it also validates. */
export function judgeUpdate(known: KnownState, update: Uint8Array): Judgement {
  const decoded = decode(update);
  if (!decoded) return { kind: 'malformed' };
  const ends = new Map<number, number>();
  for (const struct of decoded.structs) {
    if (struct instanceof Y.Skip) continue;
    const { client, clock } = struct.id;
    if (!Number.isSafeInteger(clock + struct.length) || pointsAhead(struct)) return { kind: 'malformed' };
    if (clock > reach(known, ends, client)) return { kind: 'gap' };
    raiseClock(ends, client, clock + struct.length);
  }
  for (const struct of decoded.structs) if (!hasAll(known, ends, struct)) return { kind: 'gap' };
  const deletes = rangesOf(decoded);
  for (const range of deletes) if (range.end > reach(known, ends, range.client)) return { kind: 'gap' };
  return isKnown(known, ends, deletes) ? { kind: 'known' } : { kind: 'new', parts: { ends, deletes } };
}

function isKnown(known: KnownState, ends: UpdateParts['ends'], deletes: readonly Range[]): boolean {
  for (const [client, end] of ends) if (end > clockOf(known, client)) return false;
  return deletes.every((range) => isDeleted(known, range));
}

/** Remembers what an update added. */
export function absorb(known: KnownState, parts: UpdateParts): void {
  for (const [client, end] of parts.ends) raiseClock(known.clocks, client, end);
  for (const range of parts.deletes) addDelete(known, range);
}

/** What a stored update or snapshot holds, taken as it is; null when it cannot be read. */
export function partsOf(update: Uint8Array): UpdateParts | null {
  const decoded = decode(update);
  if (!decoded) return null;
  const ends = new Map<number, number>();
  const torn = new Set<number>();
  for (const struct of decoded.structs) {
    // After a hole nothing of that client counts: a state vector says "all up to here".
    if (struct instanceof Y.Skip) torn.add(struct.id.client);
    if (!torn.has(struct.id.client)) raiseClock(ends, struct.id.client, struct.id.clock + struct.length);
  }
  return { ends, deletes: rangesOf(decoded) };
}

export interface Usable {
  readonly update: Uint8Array;
  readonly parts: UpdateParts;
}

/** What {@link withoutGaps} leaves, judged: null when nothing of it would be new. */
export function usablePart(known: KnownState, update: Uint8Array): Usable | null {
  const fitting = withoutGaps(known, update);
  const judgement = fitting && judgeUpdate(known, fitting);
  return fitting && judgement?.kind === 'new' ? { update: fitting, parts: judgement.parts } : null;
}

/**
 * The part of an update that a document with `known` can take at once; the rest waits for something missing.
 * A client that holds such a rest itself sends it again and again with its other edits, which must not be lost.
 * Null when nothing is left.
 */
function withoutGaps(known: KnownState, update: Uint8Array): Uint8Array | null {
  const decoded = decode(update);
  if (!decoded) return null;
  const { kept, ends } = integrable(known, decoded.structs);
  const deletes = rangesOf(decoded).filter((range) => range.end <= reach(known, ends, range.client));
  if (kept.length === 0 && deletes.length === 0) return null;
  return encode(kept, deletes);
}

function decode(update: Uint8Array): Decoded | null {
  try {
    return Y.decodeUpdate(update);
  } catch {
    return null;
  }
}

const reach = (known: KnownState, ends: ReadonlyMap<number, number>, client: number): number =>
  Math.max(clockOf(known, client), ends.get(client) ?? 0);

/** Whether all that a struct builds on is there. */
const hasAll = (known: KnownState, ends: ReadonlyMap<number, number>, struct: Struct): boolean =>
  !(struct instanceof Y.Item) ||
  (has(known, ends, struct.origin) &&
    has(known, ends, struct.rightOrigin) &&
    has(known, ends, struct.parent));

/** A parent may also be a name, which needs nothing, or absent. */
const has = (known: KnownState, ends: ReadonlyMap<number, number>, id: Y.Item['parent'] | Y.ID): boolean =>
  !(id instanceof Y.ID) || id.clock < reach(known, ends, id.client);

/** No client can build on what it writes later itself. */
const pointsAhead = (struct: Struct): boolean =>
  struct instanceof Y.Item &&
  (isAhead(struct, struct.origin) || isAhead(struct, struct.rightOrigin) || isAhead(struct, struct.parent));

const isAhead = ({ id: own }: Struct, id: Y.Item['parent'] | Y.ID): boolean =>
  id instanceof Y.ID && id.client === own.client && id.clock >= own.clock;

function rangesOf({ ds }: Decoded): Range[] {
  const ranges: Range[] = [];
  for (const [client, items] of ds.clients) {
    for (const { clock, len } of items) ranges.push({ client, start: clock, end: clock + len });
  }
  return ranges;
}

/** Honest updates need a pass for each time that one client builds on another: this bounds what hostile ones cost. */
const MAX_PASSES = 16;

/** Takes structs for as long as one of them finds all that it builds on. */
function integrable(known: KnownState, structs: readonly Struct[]) {
  const ends = new Map<number, number>();
  const kept: Struct[] = [];
  let waiting = structs.filter((struct) => !(struct instanceof Y.Skip));
  for (let pass = 0, before = -1; pass < MAX_PASSES && before !== kept.length; pass += 1) {
    before = kept.length;
    const later: Struct[] = [];
    for (const struct of waiting) {
      const { client, clock } = struct.id;
      const fits = clock <= reach(known, ends, client) && hasAll(known, ends, struct);
      if (!fits) later.push(struct);
      else {
        kept.push(struct);
        raiseClock(ends, client, clock + struct.length);
      }
    }
    waiting = later;
  }
  return { kept, ends };
}

/** Writes update format v1: structs by client, higher ids first, then the delete set. */
function encode(structs: readonly Struct[], deletes: readonly Range[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const byClient = grouped(structs, (struct) => struct.id.client);
  encoding.writeVarUint(encoder.restEncoder, byClient.length);
  for (const [client, own] of byClient) {
    encoding.writeVarUint(encoder.restEncoder, own.length);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, own[0]?.id.clock ?? 0);
    for (const struct of own) struct.write(encoder, 0);
  }
  const rangesByClient = grouped(deletes, (range) => range.client);
  encoding.writeVarUint(encoder.restEncoder, rangesByClient.length);
  for (const [client, ranges] of rangesByClient) {
    encoding.writeVarUint(encoder.restEncoder, client);
    encoding.writeVarUint(encoder.restEncoder, ranges.length);
    for (const { start, end } of ranges) {
      encoding.writeVarUint(encoder.restEncoder, start);
      encoding.writeVarUint(encoder.restEncoder, end - start);
    }
  }
  return encoder.toUint8Array();
}

function grouped<T>(items: readonly T[], clientOf: (item: T) => number): [number, T[]][] {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(clientOf(item));
    if (group) group.push(item);
    else groups.set(clientOf(item), [item]);
  }
  return [...groups].sort(([a], [b]) => b - a);
}
