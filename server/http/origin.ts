import type { IncomingMessage } from 'node:http';

/**
 * Whether a request comes from Rejoin's own pages, or from no page at all. A browser says where a page that
 * sends a request or opens a WebSocket comes from; other programs say nothing, and carry no one else's cookies.
 * `publicUrl`: the configured address, for a proxy in front that changes the Host header.
 */
export function originAllowed(request: Pick<IncomingMessage, 'headers'>, publicUrl: string | null): boolean {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (origin === undefined) return site === undefined || site === 'same-origin' || site === 'none';
  if (publicUrl !== null && origin === new URL(publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Methods that change nothing; a page of another origin may send them, but not read the answer. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export const changesSomething = (method: string): boolean => !SAFE_METHODS.has(method);
