import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type pino from 'pino';
import type { RawData, WebSocket } from 'ws';
import { refuseUpgrade } from '../http/gate.ts';
import { readAddress } from './admission.ts';
import { type Connection, createConnection } from './connection.ts';
import { readFrame } from './frames.ts';
import { createInbox } from './inbox.ts';
import type { CollabMetrics } from './metrics.ts';
import type { Pipeline } from './pipeline.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { createSocketServer } from './socket-server.ts';

export interface SocketHandlerDeps {
  readonly rooms: Rooms;
  readonly pipeline: Pick<Pipeline, 'admit' | 'screen' | 'entered' | 'received'>;
  readonly metrics: CollabMetrics;
  readonly log: pino.Logger;
  readonly schemaVersion: number;
  isAllowedOrigin(request: IncomingMessage): boolean;
}

const GOING_AWAY = 1001;

/** From the upgrade to the last frame: hands each to the extensions when its turn has come. */
export function createSocketHandler(deps: SocketHandlerDeps) {
  const { rooms, pipeline, metrics, log } = deps;
  const server = createSocketServer();

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!deps.isAllowedOrigin(request)) {
      metrics.refusals.inc({ reason: 'origin' });
      refuseUpgrade(socket, '403 Forbidden');
      return;
    }
    // Refusals come as close codes: a refused upgrade has no reason that a browser would show to the client.
    server.handleUpgrade(request, socket, head, (opened) => serve(opened, socket, request));
  }

  function serve(socket: WebSocket, stream: Duplex, request: IncomingMessage): void {
    const { ticketId, isLive, ...address } = readAddress(request.url ?? '');
    const schemaVersion = Math.min(address.schemaVersion, deps.schemaVersion);
    const about = { headers: request.headers, ticketId, schemaVersion, isLive };
    const connection = createConnection(socket, stream, about, { metrics, log });
    const inbox = createInbox(connection, { log, prepare: () => enter(connection), handle });
    metrics.sockets.inc();
    // `ws` closes the socket by itself after an error, but needs somebody to hear it.
    socket.on('error', (error) => log.debug({ err: error }, 'A socket of a description failed.'));
    socket.on('pong', () => {
      connection.isAlive = true;
    });
    socket.on('message', (data: RawData) => {
      connection.isAlive = true;
      const frame = toBytes(data);
      const reason = pipeline.screen(connection, frame);
      if (reason) connection.refuse(reason);
      else inbox.push(frame);
    });
    socket.on('close', () => {
      metrics.sockets.dec();
      inbox.close((room) => rooms.leave(room, connection));
    });
  }

  /** Lets the newcomer into the room; null when it was refused. */
  async function enter(connection: Connection): Promise<Room | null> {
    const { ticketId } = connection;
    const reason = await pipeline.admit(connection);
    if (reason || ticketId === null) {
      connection.refuse(reason ?? 'gone');
      return null;
    }
    const room = await rooms.join(ticketId, connection);
    pipeline.entered(room, connection);
    return room;
  }

  const handle = (room: Room, connection: Connection, bytes: Uint8Array): void | Promise<void> =>
    pipeline.received(room, connection, readFrame(bytes), bytes);

  return {
    handleUpgrade,
    /** Closes every socket so that its client comes back to another node, or to this one after its restart. */
    async close(): Promise<void> {
      const closed = [...server.clients].map(
        (socket) => new Promise((resolve) => socket.once('close', resolve)),
      );
      for (const socket of server.clients) socket.close(GOING_AWAY, 'The server is restarting.');
      const tooLate = setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, CLOSE_TIMEOUT_MS);
      await Promise.all(closed);
      clearTimeout(tooLate);
      server.close();
    },
  };
}

const CLOSE_TIMEOUT_MS = 2_000;

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
