import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type pino from 'pino';
import { inTransaction } from '../db/pool.ts';
import { type NewMeeting, recordMeetings } from '../history/meeting-store.ts';
import { TELL_EVERY_MS } from './acknowledgement.ts';
import { type CommitQueue, createCommitQueue, type QueuedCommit } from './commit-queue.ts';
import type { Connection } from './connection.ts';
import { durableFrame } from './frames.ts';
import type { MetUpdate } from './meeting.ts';
import type { CollabMetrics } from './metrics.ts';
import { closeAll, countUncompacted, type Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { appendUpdates, type Queryable } from './store.ts';

/** One content frame on its way to being acknowledged; without a row it held nothing new. */
export interface Stored extends QueuedCommit {
  readonly room: Room;
  readonly connection: Connection;
  /** Its number among the connection's content frames. */
  readonly number: number;
  readonly isStep2: boolean;
  readonly receivedAt: number;
}

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
  readonly now: () => number;
  readonly rooms: () => Rooms;
  compact(room: Room): void;
  /** A device came back after both sides had changed, and that is stored. */
  onMet?(): void;
}

/** People pause, and every pause folds what they wrote (heartbeat.ts): this is for those who type on and on. */
const COMPACT_ROWS = 2_000;
const COMPACT_BYTES = 64 * 1024;
/** A fold costs the whole document, so one that grows fast is not folded for every few letters. */
const COMPACT_EVERY_MS = 10_000;

/** Makes updates durable, then acknowledges them, then sees to compaction. */
export function createPersistence(deps: PersistenceDeps): CommitQueue<Stored> {
  const { metrics, log, now } = deps;

  function onCommitted(commits: readonly Stored[], gone: ReadonlySet<string>): void {
    const rooms = new Set<Room>();
    const connections = new Set<Connection>();
    for (const commit of commits) {
      const { room, connection } = commit;
      if (commit.row) room.pending.delete(commit.row.update);
      if (gone.has(room.ticketId)) closeAll(room, 'gone');
      else {
        settle(commit);
        connections.add(connection);
      }
      rooms.add(room);
    }
    void tell(connections);
    const [oldest] = commits;
    if (oldest) metrics.acknowledgeSeconds.observe((now() - oldest.receivedAt) / 1000);
    if (commits.some((commit) => commit.row?.meeting)) deps.onMet?.();
    for (const room of rooms) {
      compactIfLong(room);
      deps.rooms().releaseIfIdle(room);
    }
  }

  function settle({ room, connection, row, number, isStep2 }: Stored): void {
    if (row) countUncompacted(room, row.update.length, now());
    connection.acknowledgement.settle(number, isStep2);
  }

  /**
   * Says how far each is durable; those who were told a moment ago hear of it a little later, each batch at a moment of
   * its own. Between two of them what people have typed meanwhile goes first.
   */
  async function tell(connections: Iterable<Connection>): Promise<void> {
    const later: Connection[] = [];
    for (const connection of connections) {
      const { acknowledgement } = connection;
      const turn = acknowledgement.takeTurn(now());
      if (turn === 'later') later.push(connection);
      if (turn !== 'now') continue;
      connection.send(durableFrame(acknowledgement.acknowledged));
      await new Promise(setImmediate);
    }
    if (later.length > 0) setTimeout(tell, TELL_EVERY_MS, later);
  }

  function compactIfLong(room: Room): void {
    const { rows, bytes, askedAt } = room.uncompacted;
    const isLong = rows >= COMPACT_ROWS || bytes >= COMPACT_BYTES;
    if (isLong && now() - askedAt >= COMPACT_EVERY_MS) deps.compact(room);
  }

  return createCommitQueue<Stored>({
    append: (rows) => append(deps, rows),
    isWanted: ({ room }) => !room.isAbandoned,
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
