import type { FastifyPluginAsync } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { can } from '../../shared/permissions/can.ts';
import { type Actors, requireActor } from '../auth/actors.ts';
import { Problem } from '../http/problem.ts';
import { DESCRIPTION_FORMATS, type DescriptionFormat } from './document-job.ts';
import { type DocumentThread, UnreadableDocument } from './document-thread.ts';
import { readState, readTicket, unmergedOf } from './store.ts';

export interface DescriptionRoutesDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly thread: DocumentThread;
}

const CONTENT_TYPES: Record<DescriptionFormat, string> = {
  update: 'application/octet-stream',
  json: 'application/json; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8',
  text: 'text/plain; charset=utf-8',
};

const query = z.object({ format: z.enum(DESCRIPTION_FORMATS).default('json') });
const params = z.object({ id: z.uuid() });

/** `GET /api/tickets/:id/description?format=update|json|markdown|text`: the durable state, read from Postgres. */
export const descriptionRoutes =
  (deps: DescriptionRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    app.get('/api/tickets/:id/description', async (request, reply) => {
      const actor = await requireActor(deps.actors, request);
      const { format } = parseQuery(request.query);
      const id = params.safeParse(request.params).data?.id;
      const ticket = id === undefined ? null : await readTicket(deps.pool, id);
      if (id === undefined || !ticket || ticket.isInTrash) {
        throw new Problem(404, 'no_ticket', 'There is no such ticket, or it is in the trash.');
      }
      const verdict = can(actor, 'description.read', { projectId: ticket.projectId });
      if (!verdict.allowed) throw new Problem(403, 'no_access', verdict.reason);
      const state = unmergedOf(await readState(deps.pool, id));
      const rendered = await deps.thread.render(state, format).catch((error: unknown) => {
        throw error instanceof UnreadableDocument ? unreadable(format) : error;
      });
      const body = rendered instanceof Uint8Array ? Buffer.from(rendered) : rendered;
      return reply.type(CONTENT_TYPES[format]).send(body);
    });
  };

const unreadable = (format: DescriptionFormat): Problem =>
  new Problem(
    422,
    'unreadable',
    `A program has written into this description what cannot be given as ${format}. Ask for the format text or update.`,
  );

function parseQuery(input: unknown) {
  const parsed = query.safeParse(input);
  if (parsed.success) return parsed.data;
  const formats = DESCRIPTION_FORMATS.join(', ');
  throw new Problem(400, 'bad_format', `The parameter "format" must be one of: ${formats}.`);
}
