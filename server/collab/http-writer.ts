import type { IncomingHttpHeaders } from 'node:http';
import type { CloseReason } from '../../shared/protocol/close-codes.ts';
import { MESSAGE } from '../../shared/protocol/collab.ts';
import { createAcknowledgement } from './acknowledgement.ts';
import type { Connection } from './connection.ts';

/** What became of an update that came in a request. */
export type WriteOutcome =
  | { readonly kind: 'durable' }
  /** Part of it builds on text that nobody has sent yet; the rest is stored. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'refused'; readonly reason: CloseReason }
  /** A passing fault: nothing was promised. */
  | { readonly kind: 'failed' };

export interface WriterIdentity {
  readonly headers: IncomingHttpHeaders;
  readonly ticketId: string;
  readonly schemaVersion: number;
  readonly userId: string;
  readonly name: string;
  readonly projectId: string;
  readonly canEdit: boolean;
  /** How far the device's copy went when it came back, if it says so. */
  readonly opened: Connection['opened'];
}

export interface HttpWriter {
  readonly connection: Connection;
  readonly outcome: Promise<WriteOutcome>;
}

/**
 * A request in the place of a socket: it goes through a room like any other writer, brings one content frame, and
 * hears of it what a socket would hear: a denial, or that it is durable. It never asks for the state.
 */
export function createHttpWriter(identity: WriterIdentity): HttpWriter {
  let isOpen = true;
  let settle: (outcome: WriteOutcome) => void = () => undefined;
  const outcome = new Promise<WriteOutcome>((resolve) => {
    settle = (value) => {
      isOpen = false;
      resolve(value);
    };
  });
  const acknowledgement = createAcknowledgement();
  const connection: Connection = {
    ...identity,
    acknowledgement,
    isLive: false,
    isAlive: true,
    get isOpen() {
      return isOpen;
    },
    send(frame) {
      if (frame[0] === MESSAGE.auth) {
        settle(connection.canEdit ? { kind: 'incomplete' } : { kind: 'refused', reason: 'readOnly' });
      }
      if (acknowledgement.acknowledged > 0) settle({ kind: 'durable' });
    },
    // What others write is nothing to somebody who only writes.
    sendWire: () => undefined,
    ping() {
      connection.isAlive = true;
    },
    refuse: (reason) => settle({ kind: 'refused', reason }),
    closeForRetry: () => settle({ kind: 'failed' }),
    terminate: () => settle({ kind: 'failed' }),
  };
  return { connection, outcome };
}
