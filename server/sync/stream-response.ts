import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { JWTPayload } from 'jose';
import type { Logger } from 'pino';
import type { SyncMetrics } from './metrics.ts';
import { type SessionDeps, session } from './session.ts';
import { type Encoder, NDJSON, negotiate, type SyncLine, type SyncRequest } from './wire.ts';

export interface StreamDeps {
  session: SessionDeps;
  metrics: Pick<SyncMetrics, 'streamsOpen' | 'streamsTotal' | 'bytesSent'>;
  log: Logger;
  now: () => number;
  keepaliveMs: number;
}

export interface StreamRequest {
  headers: IncomingHttpHeaders;
  /** Checked claims, with `exp`. */
  token: JWTPayload & { exp: number };
  request: SyncRequest;
  /** Ends the stream from the server's side: the engine stops, or its storage begins a new life. */
  ended: AbortSignal;
}

/** How long a client that does not read may delay the end of its stream. */
const END_GRACE_MS = 5_000;

/**
 * Sends one client's stream until its token expires, the client leaves, or `ended` fires. Nothing is read ahead of
 * the socket: a slow reader holds one line at a time.
 */
export async function sendStream(
  deps: StreamDeps,
  { headers, token, request, ended }: StreamRequest,
  response: ServerResponse,
): Promise<void> {
  const { metrics, log, now } = deps;
  const abort = linkedAbort(ended);
  response.on('close', abort.now);
  const encoder = negotiate(headers.accept, request.raw_data === true);
  const out = openOutput(encoder, headers, response);
  // A client that leaves in the middle of a line; 'close' says so too.
  out.on('error', abort.now);
  response.on('error', abort.now);
  const send = (line: SyncLine): boolean => {
    const bytes = Buffer.from(encoder.encode(line));
    metrics.bytesSent.inc(bytes.length);
    return out.write(bytes);
  };
  const secondsLeft = () => Math.max(0, Math.floor(token.exp - now() / 1000));
  const keepalive = setInterval(() => {
    if (!out.writableNeedDrain) send({ token_expires_in: secondsLeft() });
  }, deps.keepaliveMs);
  const expiry = setTimeout(abort.now, Math.max(0, token.exp * 1000 - now()));
  metrics.streamsOpen.inc();
  metrics.streamsTotal.inc();
  try {
    for await (const line of session(deps.session, token, request, abort.signal)) {
      if (abort.signal.aborted) break;
      if (!send(line)) await drained(out, abort.signal);
    }
    if (secondsLeft() === 0) send({ token_expires_in: 0 });
    await finish(out, response);
  } catch (error) {
    // The client sees a broken stream and comes back.
    log.error({ err: error }, 'sync stream failed');
    response.destroy();
  } finally {
    clearInterval(keepalive);
    clearTimeout(expiry);
    abort.unlink();
    metrics.streamsOpen.dec();
  }
}

function openOutput(encoder: Encoder, headers: IncomingHttpHeaders, response: ServerResponse): Writable {
  const compress =
    encoder.contentType === NDJSON && /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  response.socket?.setNoDelay(true);
  response.writeHead(200, {
    'content-type': encoder.contentType,
    'x-accel-buffering': 'no',
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'Content-Type',
    ...(compress ? { 'content-encoding': 'gzip' } : {}),
  });
  response.flushHeaders();
  if (!compress) return response;
  // Each line is flushed: a client must not wait for the compressor's buffer to fill.
  const gzip = createGzip({ level: 1, flush: constants.Z_SYNC_FLUSH });
  gzip.pipe(response);
  return gzip;
}

async function drained(out: Writable, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // Rejects only when the signal fires, and then the stream ends anyway.
  await once(out, 'drain', { signal }).catch(() => undefined);
}

async function finish(out: Writable, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const closed = once(response, 'close');
  out.end();
  const grace = setTimeout(() => response.destroy(), END_GRACE_MS);
  await closed.finally(() => clearTimeout(grace));
}

/** An abort of one's own that also follows another; unlinked at the end, since the other outlives many streams. */
function linkedAbort(other: AbortSignal) {
  const controller = new AbortController();
  const now = () => controller.abort();
  if (other.aborted) now();
  else other.addEventListener('abort', now);
  return { signal: controller.signal, now, unlink: () => other.removeEventListener('abort', now) };
}
