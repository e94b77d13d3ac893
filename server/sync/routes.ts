import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import type { Serving } from './serving.ts';
import { clientKey } from './session.ts';
import { type StreamDeps, sendStream } from './stream-response.ts';
import { SyncProblem, toErrorBody } from './sync-problem.ts';
import { TokenRefused, type TokenVerifier } from './token-verifier.ts';
import { checkpointRequest, syncRequest } from './wire.ts';

export interface SyncRoutesDeps extends Omit<StreamDeps, 'session'> {
  verify: TokenVerifier;
  /** Null while there is nothing right to serve. */
  serving(): Serving | null;
  writeCheckpoint(client: string, requested: bigint | null): Promise<bigint>;
  /** Open streams, so that a stop can wait for their end. */
  track(stream: Promise<void>): void;
}

/** Where the SDK is pointed at: its `endpoint` is the server's address with this. */
export const SYNC_PREFIX = '/powersync';

/** A client may hold many buckets, and names each of them when it comes back. */
const MAX_BODY_BYTES = 10 << 20;

/** The PowerSync Service's HTTP interface, as its SDKs use it. */
export const syncRoutes =
  (deps: SyncRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    await app.register(async (scope) => addRoutes(scope, deps), { prefix: SYNC_PREFIX });
  };

function addRoutes(app: FastifyInstance, deps: SyncRoutesDeps): void {
  // Bodies are parsed after the token was checked, and errors are the Service's.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    async (_: unknown, body: unknown) => body,
  );
  app.addHook('onRequest', async (_, reply) => {
    reply.header('access-control-allow-origin', '*');
    reply.header('access-control-expose-headers', 'Content-Type');
  });
  app.setErrorHandler((error, request, reply) => {
    const body = toErrorBody(error);
    if (body.error.status >= 500) request.log.error({ err: error }, 'sync request failed');
    return reply.code(body.error.status).send(body);
  });
  app.setNotFoundHandler(async () => {
    throw new SyncProblem(404, 'PSYNC_S2002', 'The path does not exist on this server');
  });
  app.options('/*', async (_, reply) => preflight(reply));
  app.post('/sync/stream', async (request, reply) => stream(deps, request, reply));
  app.get('/write-checkpoint2.json', async (request) => {
    const token = await authorise(deps.verify, request);
    const query = z.object({ client_id: z.string().optional() }).parse(request.query);
    const id = await deps.writeCheckpoint(clientKey(token, query.client_id), null);
    return { data: { write_checkpoint: String(id) } };
  });
  app.post('/sync/checkpoint-request', async (request) => {
    const token = await authorise(deps.verify, request);
    const body = parseBody(checkpointRequest, request.body);
    const id = await deps.writeCheckpoint(clientKey(token, body.client_id), body.checkpoint_request_id);
    return { data: { checkpoint_request_id: String(id) } };
  });
}

async function preflight(reply: FastifyReply): Promise<FastifyReply> {
  return reply
    .code(204)
    .header('access-control-allow-methods', 'GET,HEAD,POST')
    .header('access-control-allow-headers', 'Content-Type, Authorization, User-Agent, X-User-Agent')
    .header('access-control-max-age', '3600')
    .send();
}

async function stream(deps: SyncRoutesDeps, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const token = await authorise(deps.verify, request);
  const body = parseBody(syncRequest, request.body);
  const serving = deps.serving();
  if (!serving) throw notReady();
  // From here on the response is ours: lines, back-pressure and compression by line.
  reply.hijack();
  const { headers } = request;
  const sent = sendStream(
    { ...deps, session: serving },
    { headers, token, request: body, ended: serving.ended },
    reply.raw,
  );
  deps.track(sent);
  await sent;
}

/** The stored operations are being rebuilt, or another node serves them: the SDK tries again. */
export const notReady = (): SyncProblem =>
  new SyncProblem(503, 'PSYNC_S2302', 'The sync service is not ready yet. Try again in a moment.');

async function authorise(
  verify: TokenVerifier,
  request: FastifyRequest,
): Promise<JWTPayload & { exp: number }> {
  const token = await verify(request.headers.authorization);
  const { exp } = token;
  if (exp === undefined) throw new TokenRefused('PSYNC_S2101', 'The token does not say when it expires.');
  return { ...token, exp };
}

function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`);
  throw new SyncProblem(400, 'PSYNC_S2001', 'Validation failed', JSON.stringify(issues));
}

function parseJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new SyncProblem(400, 'PSYNC_S2001', 'The body is not valid JSON.');
  }
}
