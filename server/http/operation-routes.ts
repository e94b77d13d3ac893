import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { Problem } from './problem.ts';

export interface OperationDeps {
  readonly registry: Registry;
  isReady(): boolean;
  /** What readers of the metrics send as bearer token; null: they are given to programs on this machine only. */
  readonly metricsToken: string | null;
  /** The address people use; null: the one a request came to. */
  readonly publicUrl: string | null;
}

/** `GET /healthz`: whether requests are served. `GET /metrics`: Prometheus text, for those who run the server. */
export function operationRoutes(deps: OperationDeps): FastifyPluginAsync {
  return async (app) => {
    app.get('/healthz', (_, reply) => {
      const ready = deps.isReady();
      return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'stopping' });
    });
    app.get('/metrics', async (request, reply) => {
      refuseStrangers(request, deps);
      return reply.type(deps.registry.contentType).send(await deps.registry.metrics());
    });
  };
}

function refuseStrangers(request: FastifyRequest, { metricsToken: token, publicUrl }: OperationDeps): void {
  if (token === null) {
    if (!isForThisMachine(publicUrl) || !isOfThisMachine(request))
      throw new Problem(403, 'metrics_local', LOCAL_ONLY);
    return;
  }
  if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
    throw new Problem(
      401,
      'metrics_token',
      'Send the token of REJOIN_METRICS_TOKEN: "Authorization: Bearer …".',
    );
  }
}

const LOCAL_ONLY =
  'Metrics are given to programs on the same machine, of a server that only this machine uses. Set REJOIN_METRICS_TOKEN to read them otherwise.';
/** What comes from this machine to a server that others use may come through a proxy that does not say for whom. */
const isForThisMachine = (publicUrl: string | null): boolean =>
  publicUrl === null || LOCAL_NAMES.includes(new URL(publicUrl).hostname);
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];
/** A proxy on this machine speaks for somebody else, and says so in one of these. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

const isOfThisMachine = ({ socket, headers }: FastifyRequest): boolean =>
  LOOPBACK.includes(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined);

/** Takes as long for a wrong token as for a right one. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
