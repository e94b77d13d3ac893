import type pg from 'pg';
import type { Connection } from '../connection.ts';
import type { DocumentThread } from '../document-thread.ts';
import type { Extension } from '../extension.ts';
import { durableFrame, step1Frame } from '../frames.ts';
import { encodeClocks, readClocks } from '../known-state.ts';
import { openingCost, openingFrames } from '../opening.ts';
import { type Room, takeFresh } from '../room.ts';
import type { Rooms } from '../rooms.ts';
import { readState, unmergedOf } from '../store.ts';

export interface OpeningDeps {
  readonly pool: pg.Pool;
  readonly thread: DocumentThread;
  readonly rooms: Rooms;
}

/** Reading more than this would hold up everybody else on this node. */
const INLINE_BYTES = 32 * 1024;
const FORGET_EVERY_MS = 500;

/** Asks a newcomer for what the server lacks, and sends what it lacks itself. */
export function createOpening({ pool, thread, rooms }: OpeningDeps): Extension {
  async function answer(room: Room, connection: Connection, stateVector: Uint8Array): Promise<void> {
    const clocks = readClocks(stateVector);
    if (!clocks) return connection.refuse('malformed');
    connection.opened = connection.isLive ? null : clocks;
    // Those pending now may miss both the read and the fan-out that came before this client.
    const pending = [...room.pending];
    const { snapshot, updates } = unmergedOf(takeFresh(room) ?? (await readState(pool, room.ticketId)));
    const unmerged = { snapshot, updates: [...updates, ...pending] };
    const isLong = openingCost(unmerged, stateVector) > INLINE_BYTES;
    const frames = isLong ? await thread.open(unmerged, stateVector) : openingFrames(unmerged, stateVector);
    for (const frame of frames) connection.send(frame);
    connection.send(durableFrame(connection.acknowledgement.acknowledged));
  }

  /** Whoever opened a room has mostly asked by now, and later is answered from Postgres: a state must not stay. */
  function forgetStates(): void {
    for (const room of rooms.all()) room.fresh = null;
  }

  return {
    entered: (room, connection) => connection.send(step1Frame(encodeClocks(room.known.clocks))),
    received(room, connection, frame) {
      if (frame.kind === 'step1') return answer(room, connection, frame.stateVector);
    },
    every: [{ ms: FORGET_EVERY_MS, run: forgetStates }],
  };
}
