import type pg from 'pg';
import type pino from 'pino';
import { z } from 'zod';
import { readJson } from './listener.ts';
import type { PresenceEntry } from './presence.ts';
import { fanOut, type Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { notifyAll } from './store.ts';

/** Channel on which nodes tell each other who is where: one JSON message each. */
export const PRESENCE_CHANNEL = 'rejoin_presence';

export interface PresenceExchangeDeps {
  readonly pool: pg.Pool;
  readonly node: string;
  readonly rooms: Rooms;
  readonly log: pino.Logger;
  readonly now: () => number;
}

/** Brings carets and names to the clients of other nodes, and theirs to ours (D10). */
export interface PresenceExchange {
  /** Says that this node is here, so that others begin to tell it things. */
  announce(): void;
  /** What people in a room of this node show of themselves. */
  show(room: Room, entries: readonly PresenceEntry[]): void;
  /** Asks the other nodes who is in a room that has just been opened here. */
  ask(room: Room): void;
  /** A notification of {@link PRESENCE_CHANNEL}. */
  heard(payload: string): void;
  /** Takes away those of whom their node has not spoken for long: it is gone. */
  expire(): void;
}

const entry = z.object({ client: z.number(), userId: z.string(), clock: z.number(), json: z.string() });
const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('here'), node: z.string(), isAnswer: z.boolean() }),
  z.object({ kind: z.literal('ask'), node: z.string(), ticketId: z.string() }),
  z.object({ kind: z.literal('show'), node: z.string(), ticketId: z.string(), entry }),
]);
type Message = z.infer<typeof message>;

/** A node that has heard of no other for this long is alone, and tells nobody anything. */
const ALONE_AFTER_MS = 45_000;
/** Clients show themselves anew every 15 s; stock clients forget one another after 30. */
const FORGET_AFTER_MS = 40_000;

export function createPresenceExchange(deps: PresenceExchangeDeps): PresenceExchange {
  const { pool, node, rooms, log, now } = deps;
  /** By room and client: only the newest state of a caret that moves fast is sent. */
  let waiting = new Map<string, Message>();
  let isSending = false;
  // At first there may be others: they answer the first announcement.
  let heardAt = now();

  function send(key: string, what: Message): void {
    waiting.delete(key);
    waiting.set(key, what);
    if (!isSending) void flush();
  }

  /** One batch at a time, as with updates: what comes meanwhile travels together. */
  async function flush(): Promise<void> {
    isSending = true;
    while (waiting.size > 0) {
      const batch = [...waiting.values()].map((what) => JSON.stringify(what));
      waiting = new Map();
      // Nothing is sent again: what matters is shown anew in a few seconds.
      await notifyAll(pool, PRESENCE_CHANNEL, batch).catch((error) =>
        log.warn({ err: error }, 'Other nodes could not be told who is here.'),
      );
    }
    isSending = false;
  }

  const isAlone = (): boolean => now() - heardAt > ALONE_AFTER_MS;

  function tell(room: Room, entries: readonly PresenceEntry[]): void {
    if (isAlone()) return;
    const { ticketId } = room;
    for (const shown of entries) {
      send(`${ticketId} ${shown.client}`, { kind: 'show', node, ticketId, entry: shown });
    }
  }

  function take(what: Message): void {
    if (what.kind === 'here') {
      if (!what.isAnswer) send('here', { kind: 'here', node, isAnswer: true });
      return;
    }
    const room = rooms.get(what.ticketId);
    if (!room) return;
    if (what.kind === 'ask') {
      tell(room, room.presence.ownEntries());
      return;
    }
    const relayed = room.presence.takeRemote(what.node, what.entry, now());
    if (!relayed) return;
    fanOut(room, relayed.frame);
    tell(room, relayed.entries);
  }

  return {
    announce: () => send('here', { kind: 'here', node, isAnswer: false }),
    show: tell,
    ask(room) {
      const { ticketId } = room;
      if (!isAlone()) send(`${ticketId} ask`, { kind: 'ask', node, ticketId });
    },
    heard(payload) {
      const read = message.safeParse(readJson(payload));
      if (!read.success || read.data.node === node) return;
      heardAt = now();
      take(read.data);
    },
    expire() {
      for (const room of rooms.all()) {
        const gone = room.presence.expireRemote(now() - FORGET_AFTER_MS);
        if (gone) fanOut(room, gone);
      }
    },
  };
}
