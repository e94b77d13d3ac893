import { SCHEMA_VERSION } from '../../shared/description/schema-version.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { SCHEMA_PARAMETER } from '../../shared/protocol/collab.ts';
import {
  descriptionPath,
  MAX_WRITE_BYTES,
  OPENED_PARAMETER,
} from '../../shared/protocol/description-write.ts';
import { apiError } from '../../shared/protocol/error.ts';

/** Sends a description in one piece over HTTP: what is over a frame's limit does not fit the socket. */
export type SendWhole = (ticketId: string, piece: Piece, signal: AbortSignal) => Promise<WholeAnswer>;

export interface Piece {
  readonly update: Uint8Array;
  /** State vector of this copy when it came back; null for what was written while it was connected. */
  readonly opened: Uint8Array | null;
}

export type WholeAnswer =
  | { readonly kind: 'stored' }
  /** The network or the server failed for the moment. */
  | { readonly kind: 'no-answer' }
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly canWrite: boolean;
      /** Nobody can ever send it as it is: the next try must bring what the copy has become. */
      readonly isForGood: boolean;
    };

const tooLarge: WholeAnswer = {
  kind: 'refused',
  reason:
    'This description is over 10 MiB. It is kept on this device: move part of it to another ticket, or undo.',
  canWrite: true,
  isForGood: true,
};

export function createSendWhole(fetch: (url: string, init?: RequestInit) => Promise<Response>): SendWhole {
  return async (ticketId, { update, opened }, signal) => {
    const body = concatenated(opened ?? new Uint8Array(), update);
    if (body.length > MAX_WRITE_BYTES) return tooLarge;
    const came = opened ? `&${OPENED_PARAMETER}=${opened.length}` : '';
    const address = `${descriptionPath(ticketId)}?${SCHEMA_PARAMETER}=${SCHEMA_VERSION}${came}`;
    const headers = { 'content-type': 'application/octet-stream' };
    try {
      const response = await fetch(address, { method: 'POST', headers, body, signal });
      return response.ok ? { kind: 'stored' } : await refusalOf(response);
    } catch {
      return { kind: 'no-answer' }; // no network, or closed: the words are kept here and sent later
    }
  };
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

async function refusalOf(response: Response): Promise<WholeAnswer> {
  if (response.status >= 500 || response.status === 429) return { kind: 'no-answer' };
  if (response.status === 401) {
    return { kind: 'refused', reason: CLOSE.signedOut.words, canWrite: true, isForGood: false };
  }
  if (response.status === 413) return tooLarge;
  const body = apiError.safeParse(await response.json().catch(() => undefined));
  if (!body.success) return { kind: 'no-answer' };
  const { code, message } = body.data.error;
  // What builds on words of another device can be taken once that device has sent them.
  const isIncomplete = code === 'incomplete';
  const isForGood = isIncomplete || code === 'malformed';
  return { kind: 'refused', reason: message, canWrite: isIncomplete, isForGood };
}
