import type pg from 'pg';
import type { Connection } from './connection.ts';
import type { Range } from './known-state.ts';
import type { CollabMetrics } from './metrics.ts';
import { createPresence, type PresenceEntry } from './presence.ts';
import { closeAll, createRoom, fanOut, type Room, takeDeletes, takeStoredState } from './room.ts';
import { readState, type StoredState } from './store.ts';

/** The descriptions that are open on this node. */
export interface Rooms {
  /** Joins the ticket's room, once its stored state is known. */
  join(ticketId: string, connection: Connection): Promise<Room>;
  leave(room: Room, connection: Connection): void;
  get(ticketId: string): Room | undefined;
  all(): Iterable<Room>;
  /** Forgets a room nobody needs: no connections, nothing pending. */
  releaseIfIdle(room: Room): void;
  /** Gives up a room whose memory cannot be trusted; its clients come back and bring what they have. */
  abandon(room: Room): void;
  /** Makes sure the room knows all deletions. */
  learnDeletes(room: Room): Promise<void>;
}

export interface RoomsDeps {
  readonly pool: pg.Pool;
  readonly metrics: CollabMetrics;
  /** What a snapshot says was deleted. */
  readDeletes(snapshot: Uint8Array): Promise<readonly Range[]>;
  /** Called when the first has come. */
  onOpened(room: Room): void;
  /** Called with what tells other nodes that people have left. */
  onLeft(room: Room, entries: readonly PresenceEntry[]): void;
  /** Called when the last one has left and everything is stored. */
  onReleased(room: Room): void;
}

interface OpenRoom {
  readonly room: Room;
  readonly loaded: Promise<void>;
}

export function createRooms(deps: RoomsDeps): Rooms {
  const { pool, metrics } = deps;
  const open = new Map<string, OpenRoom>();

  function getOrOpen(ticketId: string): OpenRoom {
    const existing = open.get(ticketId);
    if (existing) return existing;
    const room = createRoom(ticketId, createPresence());
    const loaded = readState(pool, ticketId).then((state: StoredState) => takeStoredState(room, state));
    loaded.catch(() => abandon(room));
    const opened = { room, loaded };
    open.set(ticketId, opened);
    deps.onOpened(room);
    metrics.rooms.set(open.size);
    return opened;
  }

  function releaseIfIdle(room: Room): void {
    if (room.connections.size > 0 || room.pending.size > 0 || room.isAbandoned) return;
    open.delete(room.ticketId);
    metrics.rooms.set(open.size);
    deps.onReleased(room);
  }

  function abandon(room: Room): void {
    room.isAbandoned = true;
    if (open.get(room.ticketId)?.room === room) open.delete(room.ticketId);
    metrics.rooms.set(open.size);
    closeAll(room, 'retry');
  }

  return {
    async join(ticketId, connection) {
      const { room, loaded } = getOrOpen(ticketId);
      room.connections.add(connection);
      await loaded;
      return room;
    },
    leave(room, connection) {
      if (!room.connections.delete(connection)) return;
      const farewell = room.presence.leave(connection);
      if (farewell) {
        fanOut(room, farewell.frame);
        deps.onLeft(room, farewell.entries);
      }
      releaseIfIdle(room);
    },
    get: (ticketId) => open.get(ticketId)?.room,
    *all() {
      for (const { room } of open.values()) yield room;
    },
    releaseIfIdle,
    abandon,
    async learnDeletes(room) {
      const { snapshot } = room.fresh ?? (await readState(pool, room.ticketId));
      const deletes = snapshot ? await deps.readDeletes(snapshot.bytes) : [];
      if (!room.knowsDeletes) takeDeletes(room, deletes);
    },
  };
}
