import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type pino from 'pino';
import { inTransaction } from '../../db/pool.ts';
import { type NewMeeting, recordMeetings } from '../../history/meeting-store.ts';
import { createCommitQueue } from '../commit-queue.ts';
import type { Extension, Write } from '../extension.ts';
import type { MetUpdate } from '../meeting.ts';
import type { CollabMetrics } from '../metrics.ts';
import type { Pipeline } from '../pipeline.ts';
import { closeAll, type Room } from '../room.ts';
import type { Rooms } from '../rooms.ts';
import { appendUpdates, type Queryable } from '../store.ts';

export interface PersistenceDeps {
  readonly pool: pg.Pool;
  /**
   * Where batches are committed: the connection that listens for them, if it stands. What it announces itself then
   * comes back with the answer, instead of waking a second connection for every commit.
   */
  line(): Queryable;
  readonly node: string;
  readonly metrics: CollabMetrics;
  readonly log: pino.Logger;
  readonly rooms: Rooms;
  readonly pipeline: Pick<Pipeline, 'committed'>;
}

/** Makes what was accepted durable, many writes at once (group commit), in the order in which they came. */
export function createPersistence(deps: PersistenceDeps): Extension {
  const { rooms, pipeline, metrics, log } = deps;

  function onCommitted(writes: readonly Write[], gone: ReadonlySet<string>): void {
    const touched = roomsOf(writes);
    for (const { room, row } of writes) if (row) room.pending.delete(row.update);
    for (const room of touched) if (gone.has(room.ticketId)) closeAll(room, 'gone');
    pipeline.committed(gone.size > 0 ? writes.filter(({ room }) => !gone.has(room.ticketId)) : writes);
    for (const room of touched) rooms.releaseIfIdle(room);
  }

  const queue = createCommitQueue<Write>({
    append: (rows) => append(deps, rows),
    isWanted: ({ room }) => !room.isAbandoned,
    onCommitted,
    onFailed(writes) {
      for (const room of roomsOf(writes)) rooms.abandon(room);
    },
    pause: delay,
    now: () => performance.now(),
    metrics,
    log,
  });
  return { accepted: queue.push, close: queue.drained };
}

const roomsOf = (writes: readonly Write[]): Set<Room> => new Set(writes.map(({ room }) => room));

/** What a device brings from being apart is stored together with where both sides stood. */
function append({ pool, line, node }: PersistenceDeps, rows: readonly MetUpdate[]): Promise<string[]> {
  const meetings: NewMeeting[] = [];
  for (const { meeting, ticketId, authorId } of rows) {
    if (meeting) meetings.push({ ...meeting, ticketId, authorId });
  }
  if (meetings.length === 0) return appendUpdates(line(), rows, node);
  return inTransaction(pool, async (tx) => {
    const stored = await appendUpdates(tx, rows, node);
    await recordMeetings(tx, meetings);
    return stored;
  });
}
