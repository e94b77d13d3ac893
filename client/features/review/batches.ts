import type { Conflict } from '../../local-db/conflict-rows.ts';

/** What one person wrote on one device in one stretch apart: it can be decided together. */
export interface Batch<T> {
  readonly id: string;
  readonly authorId: string;
  readonly deviceId: string;
  readonly offlineSince: string | null;
  readonly items: readonly T[];
}

/** Groups conflicts by who proposed them, where, and since when apart. Keeps the order in which they first come. */
export function batchesOf<T extends { readonly conflict: Conflict }>(
  items: readonly T[],
): readonly Batch<T>[] {
  const byId = new Map<string, T[]>();
  for (const item of items) {
    const id = batchIdOf(item.conflict);
    byId.set(id, [...(byId.get(id) ?? []), item]);
  }
  return [...byId].flatMap(([id, grouped]) => {
    const first = grouped[0]?.conflict;
    if (!first) return [];
    const { authorId, deviceId, offlineSince } = first;
    return [{ id, authorId, deviceId, offlineSince, items: grouped }];
  });
}

const batchIdOf = ({ authorId, deviceId, offlineSince }: Conflict): string =>
  JSON.stringify([authorId, deviceId, offlineSince]);
