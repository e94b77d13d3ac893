import { createServer, type RequestListener } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import { answerErrors } from './http/errors.ts';
import { changesSomething, originAllowed } from './http/origin.ts';
import { Problem } from './http/problem.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { notFound } from './http/static-client.ts';

export interface AppOptions {
  readonly log: FastifyBaseLogger;
  readonly publicUrl: string | null;
  readonly powersyncUrl: string | null;
  readonly trustProxy: boolean;
}

export interface App {
  readonly fastify: FastifyInstance;
  /** What the HTTP server calls for each request, once `fastify.ready()` has resolved. */
  readonly requests: RequestListener;
}

/** `api`: under `/api`. `sync`: under `/powersync`, streams that nothing may hold back. `rest`: all else. */
export interface AppRoutes {
  readonly api: readonly FastifyPluginAsync[];
  readonly sync: FastifyPluginAsync | null;
  readonly rest: readonly FastifyPluginAsync[];
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** For one address, which may be a whole office: a stop for runaway programs, not a quota. */
const REQUESTS_PER_MINUTE = 12_000;

export async function createApp(options: AppOptions, routes: AppRoutes): Promise<App> {
  let requests: RequestListener = () => undefined;
  const fastify = Fastify({
    loggerInstance: options.log,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: options.trustProxy,
    // A strange key in one op must not refuse the ops beside it.
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    // The HTTP server is ours: it listens before the app is there.
    serverFactory: (handler) => {
      requests = handler;
      return createServer();
    },
  });
  // Fastify reads text by default; to the API, text is a body that is not JSON.
  fastify.removeContentTypeParser('text/plain');
  answerErrors(fastify);
  addSecurityHeaders(fastify, options);
  refuseOtherOrigins(fastify, options.publicUrl);
  fastify.setNotFoundHandler((request) => {
    throw notFound(request);
  });
  if (routes.sync) await fastify.register(routes.sync);
  for (const plugin of routes.rest) await fastify.register(plugin);
  await fastify.register(apiRoutes(routes.api));
  await fastify.ready();
  return { fastify, requests: (request, response) => requests(request, response) };
}

function apiRoutes(plugins: readonly FastifyPluginAsync[]): FastifyPluginAsync {
  return async (api) => {
    await api.register(rateLimit, {
      max: REQUESTS_PER_MINUTE,
      timeWindow: '1 minute',
      errorResponseBuilder: (_, { after }) =>
        new Problem(429, 'too_many_requests', `Too many requests from this address. Try again in ${after}.`),
    });
    for (const plugin of plugins) await api.register(plugin);
  };
}

/** A page of another site must not act with the cookies of somebody who is signed in here. */
function refuseOtherOrigins(app: FastifyInstance, publicUrl: string | null): void {
  app.addHook('onRequest', async (request) => {
    if (!changesSomething(request.method) || originAllowed(request.raw, publicUrl)) return;
    throw new Problem(403, 'other_origin', 'This request comes from a page that is not part of Rejoin.');
  });
}
