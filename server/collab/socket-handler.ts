import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type pg from 'pg';
import type pino from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { Actors } from '../auth/actors.ts';
import { refuseUpgrade } from '../http/gate.ts';
import { admit, readAddress } from './admission.ts';
import type { AnswerStep1 } from './answer-opening.ts';
import { type Connection, createConnection } from './connection.ts';
import type { createContent } from './content.ts';
import { readFrame, step1Frame } from './frames.ts';
import { createInbox } from './inbox.ts';
import { encodeClocks } from './known-state.ts';
import { createLimiter, type Limits } from './limits.ts';
import type { CollabMetrics } from './metrics.ts';
import type { PresenceExchange } from './presence-exchange.ts';
import { fanOut, type Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { createSocketServer } from './socket-server.ts';

export interface SocketHandlerDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly rooms: Rooms;
  readonly content: ReturnType<typeof createContent>;
  readonly answerStep1: AnswerStep1;
  readonly exchange: PresenceExchange;
  readonly metrics: CollabMetrics;
  readonly log: pino.Logger;
  readonly limits: Limits;
  readonly schemaVersion: number;
  readonly now: () => number;
  isAllowedOrigin(request: IncomingMessage): boolean;
}

const GOING_AWAY = 1001;

/** From the upgrade to the last frame: who may come in, and which part answers which frame. */
export function createSocketHandler(deps: SocketHandlerDeps) {
  const { rooms, content, metrics, log } = deps;
  const server = createSocketServer();

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!deps.isAllowedOrigin(request)) {
      metrics.refusals.inc({ reason: 'origin' });
      refuseUpgrade(socket, '403 Forbidden');
      return;
    }
    // Refusals come as close codes: a refused upgrade has no reason that a browser would show to the client.
    server.handleUpgrade(request, socket, head, (opened) => serve(opened, request));
  }

  function serve(socket: WebSocket, request: IncomingMessage): void {
    const { ticketId, isLive, ...address } = readAddress(request.url ?? '');
    const schemaVersion = Math.min(address.schemaVersion, deps.schemaVersion);
    const about = { headers: request.headers, ticketId, schemaVersion, isLive };
    const connection = createConnection(socket, about, { metrics, log });
    const isWithinLimits = createLimiter(deps.limits, deps.now);
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
      if (isWithinLimits(frame)) inbox.push(frame);
      else connection.refuse('tooFast');
    });
    socket.on('close', () => {
      metrics.sockets.dec();
      inbox.close((room) => rooms.leave(room, connection));
    });
  }

  /** Judges the newcomer and lets it into the room; null when it was refused. */
  async function enter(connection: Connection): Promise<Room | null> {
    const admission = await admit(deps, connection.headers, connection.ticketId);
    if (admission.kind === 'refused' || connection.ticketId === null) {
      connection.refuse(admission.kind === 'refused' ? admission.reason : 'gone');
      return null;
    }
    connection.userId = admission.actor.userId;
    connection.name = admission.actor.name;
    connection.projectId = admission.projectId;
    connection.canEdit = admission.canEdit;
    const room = await rooms.join(connection.ticketId, connection);
    connection.send(step1Frame(encodeClocks(room.known.clocks)));
    const present = room.presence.everybody();
    if (present) connection.send(present);
    return room;
  }

  function handle(room: Room, connection: Connection, bytes: Uint8Array): void | Promise<void> {
    const frame = readFrame(bytes);
    switch (frame.kind) {
      case 'malformed':
        return connection.refuse('malformed');
      case 'step1':
        return deps.answerStep1(room, connection, frame.stateVector);
      case 'step2':
      case 'update':
        return content.receive(room, connection, frame, bytes);
      case 'awareness': {
        const received = room.presence.receive(connection, frame.entries);
        if (received === 'malformed') return connection.refuse('malformed');
        const { relay, correction } = received;
        if (correction) connection.send(correction);
        if (!relay) return;
        fanOut(room, relay.frame, connection);
        return deps.exchange.show(room, relay.entries);
      }
      case 'queryAwareness': {
        const present = room.presence.everybody();
        if (present) connection.send(present);
        return;
      }
    }
  }

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
