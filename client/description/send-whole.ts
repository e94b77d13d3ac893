import { z } from 'zod';
import { SCHEMA_VERSION } from '../../shared/description/schema-version.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { SCHEMA_PARAMETER } from '../../shared/protocol/collab.ts';
import { descriptionPath, MAX_WRITE_BYTES } from '../../shared/protocol/description-write.ts';

/** Sends a description in one piece over HTTP: what is over a frame's limit does not fit the socket. */
export type SendWhole = (ticketId: string, update: Uint8Array, signal: AbortSignal) => Promise<WholeAnswer>;

export type WholeAnswer =
  | { readonly kind: 'stored' }
  /** The network or the server failed for the moment. */
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'refused'; readonly reason: string; readonly canWrite: boolean };

const TOO_LARGE =
  'This description is over 10 MiB. It is kept on this device: move part of it to another ticket, or undo.';

const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export function createSendWhole(fetch: (url: string, init?: RequestInit) => Promise<Response>): SendWhole {
  return async (ticketId, update, signal) => {
    if (update.length > MAX_WRITE_BYTES) return { kind: 'refused', reason: TOO_LARGE, canWrite: true };
    const address = `${descriptionPath(ticketId)}?${SCHEMA_PARAMETER}=${SCHEMA_VERSION}`;
    const headers = { 'content-type': 'application/octet-stream' };
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers,
        body: new Uint8Array(update),
        signal,
      });
      return response.ok ? { kind: 'stored' } : await refusalOf(response);
    } catch {
      return { kind: 'no-answer' }; // no network, or closed: the words are kept here and sent later
    }
  };
}

async function refusalOf(response: Response): Promise<WholeAnswer> {
  if (response.status >= 500 || response.status === 429) return { kind: 'no-answer' };
  if (response.status === 401) return { kind: 'refused', reason: CLOSE.signedOut.words, canWrite: true };
  if (response.status === 413) return { kind: 'refused', reason: TOO_LARGE, canWrite: true };
  const body = errorBody.safeParse(await response.json().catch(() => undefined));
  if (!body.success) return { kind: 'no-answer' };
  const { code, message } = body.data.error;
  // What builds on words of another device can be taken once that device has sent them.
  return { kind: 'refused', reason: message, canWrite: code === 'incomplete' };
}
