import type pg from 'pg';
import type { Connection } from './connection.ts';
import type { DocumentThread } from './document-thread.ts';
import { durableFrame } from './frames.ts';
import { readClocks } from './known-state.ts';
import { openingCost, openingFrames } from './opening.ts';
import { type Room, takeFresh } from './room.ts';
import { readState, unmergedOf } from './store.ts';

export interface OpenerDeps {
  readonly pool: pg.Pool;
  readonly thread: DocumentThread;
}

/** Reading more than this would hold up everybody else on this node. */
const INLINE_BYTES = 32 * 1024;

export type AnswerStep1 = (room: Room, connection: Connection, stateVector: Uint8Array) => Promise<void>;

/** Sends a client what it lacks. */
export function createOpener({ pool, thread }: OpenerDeps): AnswerStep1 {
  return async (room, connection, stateVector) => {
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
  };
}
