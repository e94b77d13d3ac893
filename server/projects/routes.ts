import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Action, type Actor, can } from '../../shared/permissions/can.ts';
import { memberChange, newMember, newProject, projectChange } from '../../shared/protocol/projects.ts';
import { rowId } from '../../shared/tickets/ticket.ts';
import { type Actors, requireActor } from '../auth/actors.ts';
import { Problem } from '../http/problem.ts';
import type { Projects } from './projects.ts';

export interface ProjectRoutesDeps {
  readonly projects: Projects;
  readonly actors: Actors;
}

const inProject = z.object({ id: rowId });
const ofMember = z.object({ id: rowId, userId: z.string().min(1).max(200) });

/** Projects and their members. The lists that screens show come through sync; these are what needs the server. */
export function projectRoutes({ projects, actors }: ProjectRoutesDeps): FastifyPluginAsync {
  const admitted = async (request: FastifyRequest, action: Action, projectId: string): Promise<Actor> => {
    const actor = await requireActor(actors, request);
    const verdict = can(actor, action, { projectId });
    if (!verdict.allowed) throw new Problem(403, 'not_allowed', verdict.reason);
    return actor;
  };

  return async (app) => {
    app.get('/api/projects', async (request) => {
      const actor = await requireActor(actors, request);
      return { projects: await projects.listOf(actor.userId) };
    });

    app.post('/api/projects', async (request, reply) => {
      const actor = await requireActor(actors, request);
      const made = await projects.create(actor, parse(newProject, request.body));
      return reply.code(201).send(made);
    });

    app.patch('/api/projects/:id', async (request) => {
      const { id } = parse(inProject, request.params);
      const actor = await admitted(request, 'project.settings', id);
      const { name } = parse(projectChange, request.body);
      await projects.rename(actor, id, name);
      return { id, name };
    });

    app.get('/api/projects/:id/members', async (request) => {
      const { id } = parse(inProject, request.params);
      const actor = await admitted(request, 'project.read', id);
      const members = await projects.members(id);
      const seesAddresses = can(actor, 'members.manage', { projectId: id }).allowed;
      return { members: seesAddresses ? members : members.map((member) => ({ ...member, email: null })) };
    });

    app.post('/api/projects/:id/members', async (request, reply) => {
      const { id } = parse(inProject, request.params);
      const actor = await admitted(request, 'members.manage', id);
      const { email, role } = parse(newMember, request.body);
      await projects.addByEmail(actor, id, email, role);
      return reply.code(201).send({ members: await projects.members(id) });
    });

    app.patch('/api/projects/:id/members/:userId', async (request) => {
      const { id, userId } = parse(ofMember, request.params);
      const actor = await admitted(request, 'members.manage', id);
      await projects.change(actor, id, userId, parse(memberChange, request.body).role);
      return { members: await projects.members(id) };
    });

    app.delete('/api/projects/:id/members/:userId', async (request, reply) => {
      const { id, userId } = parse(ofMember, request.params);
      const actor = await admitted(request, 'members.manage', id);
      await projects.change(actor, id, userId, null);
      return reply.code(204).send();
    });
  };
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Problem(400, 'invalid', parsed.error.issues[0]?.message ?? 'This request could not be read.');
}
