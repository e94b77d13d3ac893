import { apiError } from '../../shared/protocol/error.ts';
import type { KeptImage } from './image-store.ts';

export type SendImage = (image: KeptImage, signal: AbortSignal) => Promise<ImageAnswer>;

export type ImageAnswer =
  | { readonly kind: 'sent' }
  /** It is to be sent again. `reason`: what the server said is wrong with it; null when nobody answered. */
  | { readonly kind: 'not-now'; readonly reason: string | null }
  | { readonly kind: 'refused'; readonly reason: string };

const PASSING: readonly number[] = [401, 408, 429];

export function createSendImage(fetch: (url: string, init?: RequestInit) => Promise<Response>): SendImage {
  return async ({ id, ticketId, file }, signal) => {
    const headers = { 'content-type': 'application/octet-stream' };
    try {
      const address = `/api/tickets/${ticketId}/images?id=${id}`;
      const response = await fetch(address, { method: 'POST', headers, body: file, signal });
      if (response.ok) return { kind: 'sent' };
      const body = apiError.safeParse(await response.json().catch(() => undefined));
      const reason = body.success ? body.data.error.message : `The server answered ${response.status}.`;
      const isPassing = response.status >= 500 || PASSING.includes(response.status);
      return { kind: isPassing ? 'not-now' : 'refused', reason };
    } catch {
      return { kind: 'not-now', reason: null }; // no network: it is kept here and sent later
    }
  };
}
