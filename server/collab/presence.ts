import { PRESENCE_USER } from '../../shared/protocol/collab.ts';
import { type AwarenessEntry, awarenessFrame } from './frames.ts';

/** Who takes part: what the server knows of a connection and stamps on all it shows of itself. */
export interface Participant {
  readonly userId: string;
  readonly name: string;
}

/**
 * Who is in one description. A client id belongs to the person who showed it first, and a connection shows one
 * client id: what stock clients echo of others is dropped, and nobody appears as somebody else.
 */
export interface Presence<P extends Participant> {
  /** Takes what a connection shows; gives the frame to relay, or null, or `malformed`. */
  receive(from: P, entries: readonly AwarenessEntry[]): Uint8Array | null | 'malformed';
  /** Forgets a connection; gives the frame that tells the others, or null. */
  leave(from: P): Uint8Array | null;
  /** All who are here, for one who has just come; null when nobody is. */
  everybody(): Uint8Array | null;
}

interface Shown {
  readonly client: number;
  readonly clock: number;
  readonly json: string;
}

const MAX_STATE_CHARS = 16 * 1024;
const COLOR = /^#[0-9a-f]{6}$/i;
const FALLBACK_COLOR = '#868e96';

export function createPresence<P extends Participant>(): Presence<P> {
  const shown = new Map<P, Shown>();
  // Kept after a person has left: a late echo of them must not bring them back under another name.
  const owners = new Map<number, string>();

  /** The client id this connection may show, or undefined as long as it has none. */
  function bind(from: P, entry: AwarenessEntry): boolean {
    const bound = shown.get(from);
    if (bound) return bound.client === entry.client;
    const owner = owners.get(entry.client);
    if (entry.state === null || (owner !== undefined && owner !== from.userId)) return false;
    owners.set(entry.client, from.userId);
    releaseFormer(entry.client);
    return true;
  }

  /** The same person's earlier connection, not yet known to be broken, gives its id to the new one. */
  function releaseFormer(client: number): void {
    for (const [other, state] of shown) if (state.client === client) shown.delete(other);
  }

  return {
    receive(from, entries) {
      const relayed: Shown[] = [];
      for (const entry of entries) {
        if (!bind(from, entry)) continue;
        const json = JSON.stringify(entry.state && stamped(entry.state, from));
        if (json.length > MAX_STATE_CHARS) return 'malformed';
        const state = { client: entry.client, clock: entry.clock, json };
        if (entry.state === null) shown.delete(from);
        else shown.set(from, state);
        relayed.push(state);
      }
      return relayed.length > 0 ? awarenessFrame(relayed) : null;
    },
    leave(from) {
      const last = shown.get(from);
      shown.delete(from);
      return last ? awarenessFrame([{ client: last.client, clock: last.clock + 1, json: 'null' }]) : null;
    },
    everybody: () => (shown.size > 0 ? awarenessFrame([...shown.values()]) : null),
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
