import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type pino from 'pino';
import type { WebSocket } from 'ws';
import { CLOSE, type CloseReason } from '../../shared/protocol/close-codes.ts';
import { type Acknowledgement, createAcknowledgement } from './acknowledgement.ts';
import type { CollabMetrics } from './metrics.ts';
import { wireFrame } from './wire-frame.ts';

/** One client's socket, from the moment it was opened; who it is follows when it is admitted. */
export interface Connection {
  readonly headers: IncomingHttpHeaders;
  readonly ticketId: string | null;
  /** The document schema that the client's editor knows. */
  readonly schemaVersion: number;
  /** It was away for so short a time that nothing it brings was written apart. */
  readonly isLive: boolean;
  readonly acknowledgement: Acknowledgement;
  /** How far its copy went when it came, until it has brought what the server lacked; null when it is live. */
  opened: ReadonlyMap<number, number> | null;
  userId: string;
  name: string;
  projectId: string;
  canEdit: boolean;
  /** Whether it has shown life since the last heartbeat. */
  isAlive: boolean;
  readonly isOpen: boolean;
  send(frame: Uint8Array): void;
  /** The same, made into a WebSocket frame once for all who get it. */
  sendWire(wire: Buffer): void;
  ping(): void;
  /** Closes with the code and words of a refusal; stock clients do not come back. */
  refuse(reason: CloseReason): void;
  /** Closes so that the client comes back and brings what was not acknowledged. */
  closeForRetry(): void;
  terminate(): void;
}

export interface ConnectionDeps {
  readonly metrics: CollabMetrics;
  readonly log: pino.Logger;
}

/** A client that reads this much slower than the others write is cut off; it gets the whole state when it returns. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;
const INTERNAL_ERROR = 1011;

/** `stream` is what `socket` writes to, without compression and so at once: what we write ourselves stays in order. */
export function createConnection(
  socket: WebSocket,
  stream: Duplex,
  about: Pick<Connection, 'headers' | 'ticketId' | 'schemaVersion' | 'isLive'>,
  { metrics, log }: ConnectionDeps,
): Connection {
  function sendWire(wire: Buffer): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) {
      metrics.refusals.inc({ reason: 'tooSlow' });
      socket.terminate();
    } else stream.write(wire);
  }

  return {
    ...about,
    acknowledgement: createAcknowledgement(),
    opened: null,
    userId: '',
    name: '',
    projectId: '',
    canEdit: false,
    isAlive: true,
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    send: (frame) => sendWire(wireFrame(frame)),
    sendWire,
    ping() {
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    refuse(reason) {
      if (socket.readyState !== socket.OPEN) return;
      metrics.refusals.inc({ reason });
      log.info({ ticketId: about.ticketId, reason }, 'Closed the socket of a description.');
      socket.close(CLOSE[reason].code, CLOSE[reason].words);
    },
    closeForRetry() {
      socket.close(INTERNAL_ERROR, 'The server could not store the change. Your text is kept; trying again.');
    },
    terminate: () => socket.terminate(),
  };
}
