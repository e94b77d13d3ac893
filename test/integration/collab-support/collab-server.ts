import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type pg from 'pg';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createActors } from '../../../server/auth/actors.ts';
import { type Collab, createCollab } from '../../../server/collab/collab.ts';
import type { Limits } from '../../../server/collab/extensions/limits.ts';
import type { LeftoversTiming } from '../../../server/collab/leftovers.ts';
import { Problem } from '../../../server/http/problem.ts';

export interface CollabServer {
  readonly collab: Collab;
  readonly registry: Registry;
  /** `ws://127.0.0.1:<port>/collab` */
  readonly socketUrl: string;
  readonly httpUrl: string;
  close(): Promise<void>;
}

/** The service behind a real HTTP server. A cookie `user=<id>` stands for a session. */
export async function startCollabServer(
  pool: pg.Pool,
  options: {
    limits?: Limits;
    leftovers?: LeftoversTiming;
    node?: string;
    port?: number;
    schemaVersion?: number;
    onMet?: () => void;
  } = {},
): Promise<CollabServer> {
  const registry = new Registry();
  const actors = createActors({ pool, userOf: async (headers) => userOf(headers) });
  const collab = createCollab({
    pool,
    actors,
    registry,
    log: pino({ level: process.env.COLLAB_TEST_LOG ?? 'silent' }),
    isAllowedOrigin: (request) => request.headers.origin !== 'https://elsewhere.example',
    schemaVersion: options.schemaVersion ?? 2,
    node: options.node ?? 'one',
    now: () => performance.now(),
    ...(options.onMet ? { onMet: options.onMet } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.leftovers ? { leftovers: options.leftovers } : {}),
  });
  await collab.start();
  let server: Server | undefined;
  const app = Fastify({
    serverFactory: (handler) => {
      server = createServer(handler);
      return server;
    },
  });
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof Problem) {
      return reply.code(error.status).send({ error: { code: error.code, message: error.message } });
    }
    throw error;
  });
  await app.register(collab.routes);
  await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  server?.on('upgrade', collab.handleUpgrade);
  const { port } = app.server.address() as AddressInfo;
  return {
    collab,
    registry,
    socketUrl: `ws://127.0.0.1:${port}/collab`,
    httpUrl: `http://127.0.0.1:${port}`,
    async close() {
      await collab.close();
      await app.close();
    },
  };
}

const userOf = (headers: IncomingHttpHeaders): string | null =>
  /(?:^|; )user=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? null;
