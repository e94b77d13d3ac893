import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { type Action, type Actor, can } from '../../shared/permissions/can.ts';
import { type Actors, requireActor } from '../auth/actors.ts';
import { readTicket } from '../collab/store.ts';
import { Problem } from '../http/problem.ts';
import type { Untold } from './history-job.ts';
import type { Versions } from './versions.ts';

export interface HistoryRoutesDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly versions: Versions;
}

const params = z.object({ id: z.uuid(), version: z.string().max(64).optional() });

/** Versions of descriptions over HTTP; shared/protocol/versions.ts says what each request answers. */
export const historyRoutes = ({ pool, actors, versions }: HistoryRoutesDeps): FastifyPluginAsync => {
  async function permitted(request: FastifyRequest, action: Action) {
    const actor = await requireActor(actors, request);
    const { data } = params.safeParse(request.params);
    const ticket = data && (await readTicket(pool, data.id));
    if (!data || !ticket || ticket.isInTrash || !isMember(actor, ticket.projectId)) {
      throw new Problem(
        404,
        'no_ticket',
        'There is no such ticket, it is in the trash, or in a project you are not a member of.',
      );
    }
    const verdict = can(actor, action, { projectId: ticket.projectId });
    if (!verdict.allowed) throw new Problem(403, 'no_access', verdict.reason);
    return { actor, ticketId: data.id, version: data.version ?? '' };
  }

  return async (app) => {
    app.get('/api/tickets/:id/versions', async (request) => {
      const { ticketId } = await permitted(request, 'description.read');
      return { versions: await versions.list(ticketId) };
    });
    app.get('/api/tickets/:id/versions/:version', async (request) => {
      const { ticketId, version } = await permitted(request, 'description.read');
      const document = z
        .uuid()
        .or(z.string().regex(/^\d{1,15}$/))
        .safeParse(version).success
        ? await versions.read(ticketId, version)
        : null;
      if (!document) throw new Problem(404, 'no_version', 'There is no such version of this description.');
      if (typeof document === 'string') throw untold(document, CANNOT_SHOW[document]);
      return { document };
    });
    app.post('/api/tickets/:id/versions', async (request, reply) => {
      const { actor, ticketId } = await permitted(request, 'description.edit');
      const kept = await versions.keepBeforeRestore(ticketId, actor.userId);
      if (typeof kept === 'string') throw untold(kept, CANNOT_KEEP);
      return reply.code(201).send(kept);
    });
  };
};

const untold = (why: Untold, words: string): Problem =>
  why === 'incomplete'
    ? new Problem(409, 'version_incomplete', words)
    : new Problem(422, 'unreadable', words);

const CANNOT_SHOW: Record<Untold, string> = {
  incomplete:
    'A version that builds on words from before the history of this description was kept cannot be shown. Nothing of the description itself is missing. Choose a later version, or what stands now.',
  unreadable:
    'A program had written into this version what no editor can show. Choose another version, or what stands now.',
};
const CANNOT_KEEP =
  'What stands now could not be kept in the history, so nothing was restored. Copy what you want to bring back out of the version and put it into the description.';

const isMember = (actor: Actor, projectId: string): boolean => actor.roles.has(projectId);
