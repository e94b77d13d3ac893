import type { FastifyPluginAsync } from 'fastify';
import type { Registry } from 'prom-client';

/** `GET /healthz`: whether requests are served. `GET /metrics`: Prometheus text. */
export function operationRoutes(deps: { registry: Registry; isReady: () => boolean }): FastifyPluginAsync {
  return async (app) => {
    app.get('/healthz', (_, reply) => {
      const ready = deps.isReady();
      return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'stopping' });
    });
    app.get('/metrics', async (_, reply) =>
      reply.type(deps.registry.contentType).send(await deps.registry.metrics()),
    );
  };
}
