import type { CloseReason } from '../../shared/protocol/close-codes.ts';
import type { Connection } from './connection.ts';
import { absorb, partsOf, type UpdateParts } from './judge-update.ts';
import {
  addDelete,
  decodeClocks,
  emptyState,
  type KnownState,
  type Range,
  raiseClocks,
} from './known-state.ts';
import type { Presence } from './presence.ts';
import type { StoredState } from './store.ts';
import { wireFrame } from './wire-frame.ts';

/** An open description: who is connected and what is known of the document, never the document itself. */
export interface Room {
  readonly ticketId: string;
  readonly connections: Set<Connection>;
  readonly presence: Presence<Connection>;
  /** All that was accepted, durable or not. Its deletions are complete only when `knowsDeletes`. */
  readonly known: KnownState;
  knowsDeletes: boolean;
  /** Accepted, shown to others, and not committed yet. */
  readonly pending: Set<Uint8Array>;
  /** The document's schema version: clients that know less may not write. */
  schemaVersion: number;
  /** The state as it was read at the opening, for the first client, unless something has been added since. */
  fresh: StoredState | null;
  /** Since the last compaction was asked for. */
  readonly uncompacted: { rows: number; bytes: number; lastAt: number; askedAt: number };
  /** A room whose commits failed is given up: its memory says more than Postgres holds. */
  isAbandoned: boolean;
}

export function createRoom(ticketId: string, presence: Presence<Connection>): Room {
  return {
    ticketId,
    presence,
    connections: new Set(),
    known: emptyState(),
    knowsDeletes: false,
    pending: new Set(),
    schemaVersion: 1,
    fresh: null,
    uncompacted: { rows: 0, bytes: 0, lastAt: 0, askedAt: Number.NEGATIVE_INFINITY },
    isAbandoned: false,
  };
}

/** Takes in the stored state. The snapshot itself stays unread: its state vector stands beside it. */
export function takeStoredState(room: Room, state: StoredState): void {
  const { snapshot, log } = state;
  if (snapshot) {
    raiseClocks(room.known.clocks, decodeClocks(snapshot.stateVector));
    room.schemaVersion = Math.max(room.schemaVersion, snapshot.schemaVersion);
  } else {
    room.knowsDeletes = true;
  }
  for (const row of log) takeUpdate(room, row.update);
  room.fresh = state;
}

/** The state as it was read at the opening, once, while it is still all there is. */
export function takeFresh(room: Room): StoredState | null {
  const { fresh } = room;
  room.fresh = null;
  return fresh;
}

/** Remembers what was accepted, here or by another node. */
export function takeParts(room: Room, parts: UpdateParts): void {
  room.fresh = null;
  absorb(room.known, parts);
}

/** Takes in what the snapshot says was deleted; costs a read of it, so it waits until somebody has to know. */
export function takeDeletes(room: Room, deletes: readonly Range[]): void {
  for (const range of deletes) addDelete(room.known, range);
  room.knowsDeletes = true;
}

/** Sends a frame to everybody but its author. */
export function fanOut(room: Room, frame: Uint8Array, except?: Connection): void {
  const wire = wireFrame(frame);
  for (const connection of room.connections) if (connection !== except) connection.sendWire(wire);
}

export function closeAll(room: Room, why: CloseReason | 'retry'): void {
  for (const connection of [...room.connections]) {
    if (why === 'retry') connection.closeForRetry();
    else connection.refuse(why);
  }
}

export function countUncompacted({ uncompacted }: Room, bytes: number, at: number): void {
  uncompacted.rows += 1;
  uncompacted.bytes += bytes;
  uncompacted.lastAt = at;
}

export function resetUncompacted({ uncompacted }: Room, at: number): void {
  uncompacted.askedAt = at;
  uncompacted.rows = 0;
  uncompacted.bytes = 0;
}

function takeUpdate(room: Room, update: Uint8Array): void {
  const parts = partsOf(update);
  if (parts) absorb(room.known, parts);
}
