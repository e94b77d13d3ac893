import type pg from 'pg';
import type pino from 'pino';
import { createCompactor } from '../compactor.ts';
import type { DocumentThread } from '../document-thread.ts';
import type { Extension } from '../extension.ts';
import { createLeftovers, type LeftoversTiming } from '../leftovers.ts';
import type { CollabMetrics } from '../metrics.ts';
import { countUncompacted, type Room, resetUncompacted } from '../room.ts';
import type { Rooms } from '../rooms.ts';

export interface CompactionDeps {
  readonly pool: pg.Pool;
  readonly thread: DocumentThread;
  readonly rooms: Rooms;
  readonly metrics: CollabMetrics;
  readonly log: pino.Logger;
  readonly now: () => number;
  readonly timing: LeftoversTiming;
}

export interface Compaction extends Extension {
  /** Resolves when all that is durable now is in the ticket's snapshot and text. */
  compactNow(ticketId: string): Promise<void>;
}

/** People pause, and every pause folds what they wrote. */
const IDLE_MS = 1_500;
const IDLE_CHECK_MS = 500;
/** These are for those who type on and on. */
const COMPACT_ROWS = 2_000;
const COMPACT_BYTES = 64 * 1024;
/** A fold costs the whole document, so one that grows fast is not folded for every few letters. */
const COMPACT_EVERY_MS = 10_000;

/** Says when a log is folded into its snapshot: after a pause, when it is long, and when all have left. */
export function createCompaction(deps: CompactionDeps): Compaction {
  const { rooms, now } = deps;
  const compactor = createCompactor(deps);
  const leftovers = createLeftovers({
    ...deps,
    isWritten: (ticketId) => (rooms.get(ticketId)?.uncompacted.rows ?? 0) > 0,
    compact: compactor.request,
  });

  function compact(room: Room): void {
    if (room.uncompacted.rows === 0) return;
    resetUncompacted(room, now());
    compactor.request(room.ticketId);
  }

  function compactIfLong(room: Room): void {
    const { rows, bytes, askedAt } = room.uncompacted;
    const isLong = rows >= COMPACT_ROWS || bytes >= COMPACT_BYTES;
    if (isLong && now() - askedAt >= COMPACT_EVERY_MS) compact(room);
  }

  function compactIdle(): void {
    for (const room of rooms.all()) if (now() - room.uncompacted.lastAt >= IDLE_MS) compact(room);
  }

  return {
    committed(writes) {
      for (const { room, row } of writes) if (row) countUncompacted(room, row.update.length, now());
      for (const room of new Set(writes.map((write) => write.room))) compactIfLong(room);
    },
    released: compact,
    every: [{ ms: IDLE_CHECK_MS, run: compactIdle }],
    start: leftovers.start,
    async close() {
      leftovers.stop();
      await compactor.drained();
    },
    compactNow: compactor.compactNow,
  };
}
