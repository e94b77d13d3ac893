import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type pino from 'pino';
import { inTransaction } from '../db/pool.ts';
import { type NewMeeting, recordMeetings } from '../history/meeting-store.ts';
import { type CommitQueue, createCommitQueue, type QueuedCommit } from './commit-queue.ts';
import type { Connection } from './connection.ts';
import { durableFrame } from './frames.ts';
import type { UpdateParts } from './judge-update.ts';
import { encodeClocks } from './known-state.ts';
import type { MetUpdate } from './meeting.ts';
import type { CollabMetrics } from './metrics.ts';
import { closeAll, countUncompacted, markDurable, type Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { type Appended, appendUpdates } from './store.ts';

/** One content frame on its way to being acknowledged; without a row it held nothing new. */
export interface Stored extends QueuedCommit {
  readonly room: Room;
  readonly connection: Connection;
  /** Its number among the connection's content frames. */
  readonly number: number;
  readonly isStep2: boolean;
  readonly parts: UpdateParts | null;
  readonly receivedAt: number;
}

export interface PersistenceDeps {
  readonly pool: pg.Pool;
  readonly node: string;
  readonly metrics: CollabMetrics;
  readonly log: pino.Logger;
  readonly now: () => number;
  readonly rooms: () => Rooms;
  compact(room: Room): void;
  /** A device came back after both sides had changed, and that is stored. */
  onMet?(): void;
}

const COMPACT_ROWS = 500;
const COMPACT_BYTES = 64 * 1024;

/** Makes updates durable, then acknowledges them, then sees to compaction. */
export function createPersistence(deps: PersistenceDeps): CommitQueue<Stored> {
  const { pool, node, metrics, log, now } = deps;

  function onCommitted(commits: readonly Stored[], gone: ReadonlySet<string>): void {
    const rooms = new Set<Room>();
    const connections = new Map<Connection, Room>();
    for (const commit of commits) {
      const { room, connection } = commit;
      if (commit.row) room.pending.delete(commit.row.update);
      if (gone.has(room.ticketId)) closeAll(room, 'gone');
      else {
        settle(commit);
        connections.set(connection, room);
      }
      rooms.add(room);
    }
    acknowledge(connections);
    if (commits.some((commit) => commit.row?.meeting)) deps.onMet?.();
    for (const room of rooms) {
      compactIfLong(room);
      deps.rooms().releaseIfIdle(room);
    }
  }

  function settle({ room, connection, row, parts, number, isStep2, receivedAt }: Stored): void {
    if (row) countUncompacted(room, row.update.length, now());
    if (parts) markDurable(room, parts);
    connection.acknowledgement.settle(number, isStep2);
    metrics.acknowledgeSeconds.observe((now() - receivedAt) / 1000);
  }

  function acknowledge(connections: ReadonlyMap<Connection, Room>): void {
    const vectors = new Map<Room, Uint8Array>();
    const at = now();
    for (const [connection, room] of connections) {
      if (!connection.acknowledgement.isDue(at)) continue;
      const vector = vectors.get(room) ?? encodeClocks(room.durable);
      vectors.set(room, vector);
      connection.send(durableFrame(connection.acknowledgement.acknowledged, vector));
    }
  }

  function compactIfLong(room: Room): void {
    const { rows, bytes } = room.uncompacted;
    if (rows >= COMPACT_ROWS || bytes >= COMPACT_BYTES) deps.compact(room);
  }

  return createCommitQueue<Stored>({
    append: (rows) => append(pool, rows, node),
    onCommitted,
    onFailed(commits) {
      for (const room of new Set(commits.map((commit) => commit.room))) deps.rooms().abandon(room);
    },
    pause: delay,
    metrics,
    log,
  });
}

/** What a device brings from being apart is stored together with where both sides stood. */
function append(pool: pg.Pool, rows: readonly MetUpdate[], node: string): Promise<Appended[]> {
  const meetings = rows.flatMap(({ meeting, ticketId, authorId }): NewMeeting[] =>
    meeting ? [{ ...meeting, ticketId, authorId }] : [],
  );
  if (meetings.length === 0) return appendUpdates(pool, rows, node);
  return inTransaction(pool, async (tx) => {
    const stored = await appendUpdates(tx, rows, node);
    await recordMeetings(tx, meetings);
    return stored;
  });
}
