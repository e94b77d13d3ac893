import type { Extension } from '../extension.ts';
import { durableFrame } from '../frames.ts';
import type { Rooms } from '../rooms.ts';

/** Stock clients give a connection up after 30 s without a message. */
const BEAT_MS = 15_000;
/** One takes about a tenth of a millisecond. */
const BEATS_AT_ONCE = 10;

/** Shows every client that the server is there, and lets go of those who no longer are. */
export function createHeartbeat({ rooms }: { readonly rooms: Rooms }): Extension {
  /** A few connections at a time: in between, what people type goes first. */
  async function beat(): Promise<void> {
    const connections = [...rooms.all()].flatMap((room) => [...room.connections]);
    for (const [at, connection] of connections.entries()) {
      if (at % BEATS_AT_ONCE === BEATS_AT_ONCE - 1) await new Promise(setImmediate);
      if (!connection.isAlive) connection.terminate();
      connection.isAlive = false;
      connection.ping();
      connection.send(durableFrame(connection.acknowledgement.acknowledged));
    }
  }

  return { every: [{ ms: BEAT_MS, run: beat }] };
}
