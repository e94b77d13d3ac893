import type pg from 'pg';
import { inTransaction } from '../db/pool.ts';
import { type ImageStores, PLACES } from './image-store.ts';
import { dropUnfinished, forgetLeftovers, type Leftover, takeLeftovers } from './store.ts';

export interface SweepDeps {
  readonly pool: pg.Pool;
  readonly stores: ImageStores;
}

/**
 * Deletes the bytes of images that are gone, and what was begun and never finished. Any number of nodes may sweep
 * at once. Rejects when a store fails; what it did not delete waits for the next sweep.
 */
export async function sweepImages({ pool, stores }: SweepDeps): Promise<void> {
  const places = PLACES.filter((place) => stores[place] !== null);
  const sweepSome = async (tx: pg.PoolClient): Promise<boolean> => {
    const leftovers = await takeLeftovers(tx, places);
    for (const place of places) await stores[place]?.delete(idsAt(leftovers, place));
    await forgetLeftovers(tx, leftovers);
    return leftovers.length > 0;
  };
  await dropUnfinished(pool);
  while (await inTransaction(pool, sweepSome));
}

const idsAt = (leftovers: readonly Leftover[], place: Leftover['place']): string[] =>
  leftovers.filter((leftover) => leftover.place === place).map(({ id }) => id);
