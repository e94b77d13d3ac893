import { PRESENCE_USER } from '../../shared/protocol/collab.ts';
import { type AwarenessEntry, awarenessFrame } from './frames.ts';

/** Who takes part: what the server knows of a connection and stamps on all it shows of itself. */
export interface Participant {
  readonly userId: string;
  readonly name: string;
}

/**
 * Who is in one description. A client id belongs to the person who showed it first and hangs on one connection;
 * what stock clients echo of others is dropped, and nobody appears as somebody else.
 */
export interface Presence<P extends Participant> {
  /** Takes what a connection shows; gives the frame to relay, or null, or `malformed`. */
  receive(from: P, entries: readonly AwarenessEntry[]): Uint8Array | null | 'malformed';
  /** Forgets a connection; gives the frame that tells the others, or null. */
  leave(from: P): Uint8Array | null;
  /** All who are here, for one who has just come; null when nobody is. */
  everybody(): Uint8Array | null;
}

interface Shown<P> {
  readonly client: number;
  readonly userId: string;
  /** The connection it hangs on; null after that has gone, so that a late echo does not bring it back. */
  readonly holder: P | null;
  /** As told to the others: it only grows, also when its client starts anew. */
  readonly clock: number;
  /** What was added to its client's own clock. */
  readonly offset: number;
  readonly json: string;
}

const MAX_STATE_CHARS = 16 * 1024;
/** A client shows itself only; a few more leave room for one that restarts within a connection. */
const MAX_HELD = 4;
const COLOR = /^#[0-9a-f]{6}$/i;
const FALLBACK_COLOR = '#868e96';
const GONE = 'null';

export function createPresence<P extends Participant>(): Presence<P> {
  const shown = new Map<number, Shown<P>>();

  const heldBy = (holder: P) => [...shown.values()].filter((state) => state.holder === holder);

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

  return {
    receive(from, entries) {
      const relayed: Shown<P>[] = [];
      for (const entry of entries) {
        const state = accept(from, entry);
        if (!state) continue;
        if (state.json.length > MAX_STATE_CHARS) return 'malformed';
        shown.set(state.client, state);
        relayed.push(state);
      }
      return relayed.length > 0 ? awarenessFrame(relayed) : null;
    },
    leave(from) {
      const left = heldBy(from).map((state) => ({
        ...state,
        holder: null,
        clock: state.clock + 1,
        json: GONE,
      }));
      for (const state of left) shown.set(state.client, state);
      return left.length > 0 ? awarenessFrame(left) : null;
    },
    everybody() {
      const present = [...shown.values()].filter((state) => state.json !== GONE);
      return present.length > 0 ? awarenessFrame(present) : null;
    },
  };
}

/** The state with the server's word on who it is; the colour stays the client's choice. */
function stamped(state: Readonly<Record<string, unknown>>, { userId, name }: Participant) {
  return { ...state, [PRESENCE_USER]: { id: userId, name, color: colorOf(state[PRESENCE_USER]) } };
}

function colorOf(user: unknown): string {
  const color = typeof user === 'object' && user !== null && 'color' in user ? user.color : null;
  return typeof color === 'string' && COLOR.test(color) ? color : FALLBACK_COLOR;
}
