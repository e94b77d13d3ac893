import type pg from 'pg';
import type pino from 'pino';
import { updateFrame } from './frames.ts';
import { judgeUpdate } from './judge-update.ts';
import type { LogRow } from './packed-rows.ts';
import { fanOut, type Room, takeParts } from './room.ts';
import type { Rooms } from './rooms.ts';
import { readRows, readState } from './store.ts';

export interface OtherNodesDeps {
  readonly pool: pg.Pool;
  readonly node: string;
  readonly rooms: Rooms;
  readonly log: pino.Logger;
}

/** Brings what other nodes have committed to the clients of this one (D10). */
export interface OtherNodes {
  /** A notification of `UPDATES_CHANNEL`. */
  announced(payload: string): void;
  /** Reads everything again, after notifications were missed. */
  catchUp(): void;
}

export function createOtherNodes({ pool, node, rooms, log }: OtherNodesDeps): OtherNodes {
  // One after another: rows build on rows that were committed before them.
  let turn: Promise<void> = Promise.resolve();

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

  return {
    announced(payload) {
      if (payload.startsWith(`${node} `)) return;
      const [, first, last, ...ticketIds] = payload.split(' ');
      for (const ticketId of ticketIds) {
        const room = rooms.get(ticketId);
        if (room) take(room, () => readRows(pool, ticketId, Number(first), Number(last)));
      }
    },
    catchUp() {
      for (const room of rooms.all())
        take(room, async () => missedRows(await readState(pool, room.ticketId)));
    },
  };
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
