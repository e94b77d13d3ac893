/** Chance that repeats: everything a simulation does by chance comes from one seed. */
export interface Random {
  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number;
  /** True in that share of the cases. */
  chance(share: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Undefined when there is nothing to pick. */
  pickAny<T>(from: readonly T[]): T | undefined;
  shuffled<T>(items: readonly T[]): T[];
  uuid(): string;
}

export function createRandom(seed: number): Random {
  const next = mulberry32(seed);
  const below = (end: number): number => Math.floor(next() * end);
  const pickAny = <T>(from: readonly T[]): T | undefined => from[below(from.length)];
  return {
    below,
    chance: (share) => next() < share,
    pick: (from) => pickAny(from) ?? from[0],
    pickAny,
    shuffled(items) {
      return items
        .map((item) => ({ item, order: next() }))
        .sort((a, b) => a.order - b.order)
        .map(({ item }) => item);
    },
    uuid() {
      const hex = (digits: number) =>
        below(16 ** digits)
          .toString(16)
          .padStart(digits, '0');
      return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`;
    },
  };
}

/** Mulberry32, public domain, by Tommy Ettinger: 32 bits of state are plenty for a few thousand draws. */
function mulberry32(seed: number): () => number {
  // Neighbouring seeds would begin alike; multiplying by an odd constant pulls them apart.
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
