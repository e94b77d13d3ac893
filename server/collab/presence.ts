import { PRESENCE_USER } from '../../shared/protocol/collab.ts';
import { type AwarenessEntry, awarenessFrame } from './frames.ts';

/** Who takes part: what the server knows of a connection and stamps on all it shows of itself. */
export interface Participant {
  readonly userId: string;
  readonly name: string;
}

/** One client's state as it is told to others; `json` is `null` in words when it has left. */
export interface PresenceEntry {
  readonly client: number;
  readonly userId: string;
  readonly clock: number;
  readonly json: string;
}

export interface Relay {
  /** For the others in the room. */
  readonly frame: Uint8Array;
  /** For other nodes. */
  readonly entries: readonly PresenceEntry[];
}

/** What came of a client's word on who is where. */
export interface Received {
  readonly relay: Relay | null;
  /** For the one who sent it, where it claims more of others than anybody told it: what holds. */
  readonly correction: Uint8Array | null;
}

/**
 * Who is in one description. A client id belongs to the person who showed it first and hangs on one connection;
 * what stock clients echo of others is dropped, and nobody appears as somebody else.
 */
export interface Presence<P extends Participant> {
  /** Takes what a connection shows. */
  receive(from: P, entries: readonly AwarenessEntry[]): Received | 'malformed';
  /** Forgets a connection; gives what tells the others, or null. */
  leave(from: P): Relay | null;
  /** All who are here, on any node, for one who has just come; null when nobody is. */
  everybody(): Uint8Array | null;
  /** Those whose connection is on this node. */
  ownEntries(): PresenceEntry[];
  /** Takes what another node has stamped and told; gives what to relay, or null when it is old news. */
  takeRemote(node: string, entry: PresenceEntry, at: number): Relay | null;
  /** Forgets those of whom their node last spoke before `since`; gives the frame that says so, or null. */
  expireRemote(since: number): Uint8Array | null;
}

interface Shown<P> extends PresenceEntry {
  /** What it hangs on; null after that has gone, so that a late echo does not bring it back. */
  readonly holder: P | RemoteHolder | null;
  /** What was added to its client's own clock: the clock told to others only grows, also when it starts anew. */
  readonly offset: number;
}

class RemoteHolder {
  readonly node: string;
  readonly heardAt: number;

  constructor(node: string, heardAt: number) {
    this.node = node;
    this.heardAt = heardAt;
  }
}

/** A notification of Postgres, which takes a state to other nodes, holds 8,000 bytes with all that is around it. */
const MAX_STATE_BYTES = 5_000;
/** A client shows itself only; a few more leave room for one that restarts within a connection. */
const MAX_HELD = 4;
const COLOR = /^#[0-9a-f]{6}$/i;
const FALLBACK_COLOR = '#868e96';
const GONE = 'null';

export function createPresence<P extends Participant>(): Presence<P> {
  const shown = new Map<number, Shown<P>>();

  const heldBy = (holder: P) => [...shown.values()].filter((state) => state.holder === holder);

  function remove(states: readonly Shown<P>[]): Shown<P>[] {
    const left = states.map((state) => ({ ...state, holder: null, clock: state.clock + 1, json: GONE }));
    for (const state of left) shown.set(state.client, state);
    return left;
  }

  /** A node says that a client has left it; only the node on which that client is now is believed. */
  function takeFarewell(node: string, entry: PresenceEntry, before: Shown<P> | undefined): Relay | null {
    const holder = before?.holder ?? null;
    if (!before || holder === null || (holder instanceof RemoteHolder && holder.node === node)) {
      shown.set(entry.client, { ...entry, holder: null, offset: 0 });
      return holder === null ? null : { frame: awarenessFrame([entry]), entries: [] };
    }
    if (holder instanceof RemoteHolder) return null;
    // It has moved here: whoever believed that it left must see it again.
    const clock = entry.clock + 1;
    const here = { ...before, clock, offset: before.offset + clock - before.clock };
    shown.set(here.client, here);
    return relayOf([here]);
  }

  /** The entry as the others will see it, or null when it is an echo, stale, or not this person's to show. */
  function accept(from: P, entry: AwarenessEntry): Shown<P> | null {
    const before = shown.get(entry.client);
    const json = entry.state === null ? GONE : JSON.stringify(stamped(entry.state, from));
    const next = { client: entry.client, userId: from.userId, holder: from, json };
    if (!before) {
      const isRefused = entry.state === null || heldBy(from).length >= MAX_HELD;
      return isRefused ? null : { ...next, clock: entry.clock, offset: 0 };
    }
    if (before.userId !== from.userId) return null;
    if (before.holder === from) {
      const clock = entry.clock + before.offset;
      const isStale = clock < before.clock || (clock === before.clock && entry.state !== null);
      return isStale ? null : { ...next, clock, offset: before.offset };
    }
    // An echo never has a newer clock than what it echoes; the same client on its next connection soon has.
    const isEcho = before.holder !== null && entry.clock <= before.clock;
    if (isEcho || entry.state === null) return null;
    const offset = Math.max(0, before.clock + 1 - entry.clock);
    return { ...next, clock: entry.clock + offset, offset };
  }

  /** What holds of an id that was not accepted, unless it is an echo: nobody was told of a newer clock than ours. */
  function correct({ userId }: P, { client, clock, state }: AwarenessEntry): PresenceEntry | null {
    const before = shown.get(client);
    if (before) return before.userId !== userId && clock > before.clock ? before : null;
    return state === null ? null : { client, userId, clock, json: GONE };
  }

  return {
    receive(from, entries) {
      const relayed: Shown<P>[] = [];
      const corrected = new Map<number, PresenceEntry>();
      for (const entry of entries) {
        const state = accept(from, entry);
        if (!state) {
          const truth = correct(from, entry);
          // Once for each, however often a frame names it: states are long, and names are short.
          if (truth) corrected.set(truth.client, truth);
          continue;
        }
        if (sizeOf(state.json) > MAX_STATE_BYTES) return 'malformed';
        shown.set(state.client, state);
        relayed.push(state);
      }
      return {
        relay: relayOf(relayed),
        correction: corrected.size > 0 ? awarenessFrame([...corrected.values()]) : null,
      };
    },
    leave: (from) => relayOf(remove(heldBy(from))),
    everybody() {
      const present = [...shown.values()].filter((state) => state.json !== GONE);
      return present.length > 0 ? awarenessFrame(present) : null;
    },
    ownEntries: () =>
      [...shown.values()]
        .filter(({ holder }) => holder !== null && !(holder instanceof RemoteHolder))
        .map(entryOf),
    takeRemote(node, entry, at) {
      const before = shown.get(entry.client);
      if (before && (before.userId !== entry.userId || entry.clock < before.clock)) return null;
      if (entry.json === GONE) return takeFarewell(node, entry, before);
      const isNews = entry.clock !== before?.clock;
      const isHere = before && !(before.holder instanceof RemoteHolder);
      if (!isNews && isHere) return null;
      // Also without news: its node has spoken of it, so it is alive.
      shown.set(entry.client, { ...entry, holder: new RemoteHolder(node, at), offset: 0 });
      return isNews ? { frame: awarenessFrame([entry]), entries: [] } : null;
    },
    expireRemote(since) {
      const silent = [...shown.values()].filter(
        ({ holder }) => holder instanceof RemoteHolder && holder.heardAt < since,
      );
      return relayOf(remove(silent))?.frame ?? null;
    },
  };
}

const entryOf = ({ client, userId, clock, json }: PresenceEntry): PresenceEntry => ({
  client,
  userId,
  clock,
  json,
});

const relayOf = (states: readonly PresenceEntry[]): Relay | null =>
  states.length > 0 ? { frame: awarenessFrame(states), entries: states.map(entryOf) } : null;

/** In UTF-8, and once more in JSON, as notifications are. */
const sizeOf = (json: string): number => Buffer.byteLength(JSON.stringify(json));

/** The state with the server's word on who it is; the colour stays the client's choice. */
function stamped(state: Readonly<Record<string, unknown>>, { userId, name }: Participant) {
  return { ...state, [PRESENCE_USER]: { id: userId, name, color: colorOf(state[PRESENCE_USER]) } };
}

function colorOf(user: unknown): string {
  const color = typeof user === 'object' && user !== null && 'color' in user ? user.color : null;
  return typeof color === 'string' && COLOR.test(color) ? color : FALLBACK_COLOR;
}
