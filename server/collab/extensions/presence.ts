import type { Connection } from '../connection.ts';
import type { Extension } from '../extension.ts';
import type { AwarenessEntry } from '../frames.ts';
import type { Channel } from '../listener.ts';
import { createPresenceExchange, PRESENCE_CHANNEL, type PresenceExchangeDeps } from '../presence-exchange.ts';
import { fanOut, type Room } from '../room.ts';

export interface PresenceExtension extends Extension {
  readonly channel: Channel;
}

const SPEAK_MS = 15_000;

/** Shows everybody in a description who else is there, on this node and on others. */
export function createPresenceExtension(deps: PresenceExchangeDeps): PresenceExtension {
  const exchange = createPresenceExchange(deps);

  function show(room: Room, connection: Connection, entries: readonly AwarenessEntry[]): void {
    const received = room.presence.receive(connection, entries);
    if (received === 'malformed') {
      connection.refuse('malformed');
      return;
    }
    const { relay, correction } = received;
    if (correction) connection.send(correction);
    if (!relay) return;
    fanOut(room, relay.frame, connection);
    exchange.show(room, relay.entries);
  }

  function sendEverybody(room: Room, connection: Connection): void {
    const present = room.presence.everybody();
    if (present) connection.send(present);
  }

  return {
    opened: exchange.ask,
    entered: sendEverybody,
    received(room, connection, frame) {
      if (frame.kind === 'awareness') show(room, connection, frame.entries);
      if (frame.kind === 'queryAwareness') sendEverybody(room, connection);
    },
    left(room, connection) {
      const farewell = room.presence.leave(connection);
      if (!farewell) return;
      fanOut(room, farewell.frame);
      exchange.show(room, farewell.entries);
    },
    channel: {
      name: PRESENCE_CHANNEL,
      heard: exchange.heard,
      // What matters is shown anew in a few seconds.
      missed: () => undefined,
    },
    every: [
      {
        ms: SPEAK_MS,
        run() {
          exchange.announce();
          exchange.expire();
        },
      },
    ],
    start: async () => exchange.announce(),
  };
}
