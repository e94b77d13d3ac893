import type pg from 'pg';
import type { Connection } from './connection.ts';
import type { CollabMetrics } from './metrics.ts';
import type { Pipeline } from './pipeline.ts';
import { createPresence } from './presence.ts';
import { closeAll, createRoom, type Room, takeStoredState } from './room.ts';
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
}

export interface RoomsDeps {
  readonly pool: pg.Pool;
  readonly metrics: CollabMetrics;
  readonly pipeline: Pick<Pipeline, 'opened' | 'left' | 'released'>;
}

interface OpenRoom {
  readonly room: Room;
  readonly loaded: Promise<void>;
}

export function createRooms({ pool, metrics, pipeline }: RoomsDeps): Rooms {
  const open = new Map<string, OpenRoom>();

  function getOrOpen(ticketId: string): OpenRoom {
    const existing = open.get(ticketId);
    if (existing) return existing;
    const room = createRoom(ticketId, createPresence());
    const loaded = readState(pool, ticketId).then((state: StoredState) => takeStoredState(room, state));
    loaded.catch(() => abandon(room));
    const opened = { room, loaded };
    open.set(ticketId, opened);
    pipeline.opened(room);
    metrics.rooms.set(open.size);
    return opened;
  }

  function releaseIfIdle(room: Room): void {
    if (room.connections.size > 0 || room.pending.size > 0 || room.isAbandoned) return;
    open.delete(room.ticketId);
    metrics.rooms.set(open.size);
    pipeline.released(room);
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
      pipeline.left(room, connection);
      releaseIfIdle(room);
    },
    get: (ticketId) => open.get(ticketId)?.room,
    *all() {
      for (const { room } of open.values()) yield room;
    },
    releaseIfIdle,
    abandon,
  };
}
