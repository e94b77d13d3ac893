import type pg from 'pg';
import type pino from 'pino';
import { carriesContent } from '../../../shared/protocol/collab.ts';
import type { Extension } from '../extension.ts';
import { updateFrame } from '../frames.ts';
import { judgeUpdate } from '../judge-update.ts';
import type { Channel } from '../listener.ts';
import type { LogRow } from '../packed-rows.ts';
import { fanOut, type Room, takeParts } from '../room.ts';
import type { Rooms } from '../rooms.ts';
import { readRows, readState, UPDATES_CHANNEL } from '../store.ts';

export interface FanOutDeps {
  readonly pool: pg.Pool;
  readonly node: string;
  readonly rooms: Rooms;
  readonly log: pino.Logger;
}

export interface FanOut extends Extension {
  readonly channel: Channel;
}

/** Rows of another node: from the first number to the last, of these tickets and perhaps of others. */
interface Announcement {
  readonly first: number;
  readonly last: number;
  readonly ticketIds: readonly string[];
}

const CATCH_UP_MS = 1_000;

/** Brings what is written to all others in the room at once, and what other nodes have committed to ours (D10). */
export function createFanOut({ pool, node, rooms, log }: FanOutDeps): FanOut {
  // One after another: rows build on rows that were committed before them.
  let turn: Promise<void> = Promise.resolve();
  let isBehind = false;
  let isCatchingUp = false;

  function take(room: Room, read: () => Promise<readonly LogRow[]>): void {
    turn = turn
      .then(async () => {
        if (room.isAbandoned) return;
        for (const row of await read()) takeRow(room, row);
      })
      .catch((error: unknown) => {
        log.error({ err: error, ticketId: room.ticketId }, 'What another node stored could not be read.');
        rooms.abandon(room);
      });
  }

  function takeAnnounced({ ticketIds, first, last }: Announcement): void {
    for (const ticketId of ticketIds) {
      const room = rooms.get(ticketId);
      if (room) take(room, () => readRows(pool, ticketId, first, last));
    }
  }

  function catchUp(): void {
    for (const room of rooms.all()) take(room, async () => missedRows(await readState(pool, room.ticketId)));
  }

  /** A node of another version says what we do not understand, as often as it commits: read everything, now and then. */
  function catchUpIfBehind(): void {
    if (!isBehind || isCatchingUp) return;
    isBehind = false;
    isCatchingUp = true;
    log.warn('Another node announces updates in words of another version; reading all open descriptions.');
    catchUp();
    void turn.then(() => {
      isCatchingUp = false;
    });
  }

  return {
    accepted({ room, connection, kind, row, bytes }) {
      if (!row) return;
      const isRelayable = kind === 'update' && carriesContent(bytes);
      fanOut(room, isRelayable ? bytes : updateFrame(row.update), connection);
    },
    channel: {
      name: UPDATES_CHANNEL,
      heard(payload) {
        if (payload.startsWith(`${node} `)) return;
        const announcement = readAnnouncement(payload);
        if (!announcement) isBehind = true;
        else takeAnnounced(announcement);
      },
      missed: catchUp,
    },
    every: [{ ms: CATCH_UP_MS, run: catchUpIfBehind }],
  };
}

/** As appendUpdates (store.ts) writes it; null for the words of another version. */
function readAnnouncement(payload: string): Announcement | null {
  const [, first, last, tickets] = /^\S+ (\d+) (\d+) (.+)$/.exec(payload) ?? [];
  if (!tickets) return null;
  return { first: Number(first), last: Number(last), ticketIds: tickets.split(' ') };
}

/** All there is: rows that were missed may be in the snapshot by now. */
const missedRows = ({ snapshot, log }: Awaited<ReturnType<typeof readState>>): LogRow[] => [
  ...(snapshot ? [{ seq: snapshot.upto, update: snapshot.bytes }] : []),
  ...log,
];

function takeRow(room: Room, { update }: LogRow): void {
  const judgement = judgeUpdate(room.known, update);
  if (judgement.kind === 'known' || judgement.kind === 'malformed') return;
  fanOut(room, updateFrame(update));
  if (judgement.kind === 'gap') return;
  takeParts(room, judgement.parts);
}
