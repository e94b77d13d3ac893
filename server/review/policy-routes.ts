import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { policyChoices, policyOf } from '../../shared/conflict/policy.ts';
import { type Actor, can } from '../../shared/permissions/can.ts';
import { policyChoice } from '../../shared/protocol/projects.ts';
import { type FieldName, fieldOf, isFieldName, type Policy } from '../../shared/tickets/fields.ts';
import { rowId } from '../../shared/tickets/ticket.ts';
import { type Actors, requireActor } from '../auth/actors.ts';
import { inTransaction } from '../db/pool.ts';
import { Problem } from '../http/problem.ts';
import { appendActivity, ONLINE } from '../tickets/activity-store.ts';
import { lockProjectPolicies, readPolicies, storePolicy } from './policy-store.ts';

export interface PolicyRoutesDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
}

/** `PUT /api/projects/:id/policies/:field` `{policy}`: an admin's choice, for uploads received after it (C10). */
export const policyRoutes = ({ pool, actors }: PolicyRoutesDeps): FastifyPluginAsync => {
  return async (app) => {
    app.put('/api/projects/:id/policies/:field', async (request) => {
      const actor = await requireActor(actors, request);
      const choice = choiceOf(actor, request);
      await inTransaction(pool, (tx) => choosePolicy(tx, actor, choice));
      return { field: choice.field, policy: choice.policy };
    });
  };
};

interface Choice {
  readonly projectId: string;
  readonly field: FieldName;
  readonly policy: Policy;
}

async function choosePolicy(
  tx: pg.ClientBase,
  actor: Actor,
  { projectId, field, policy }: Choice,
): Promise<void> {
  await lockProjectPolicies(tx, projectId);
  const chosen = (await readPolicies(tx, [projectId])).find((row) => row.field === field)?.policy;
  const before = policyOf(field, chosen);
  if (before === policy) return;
  await storePolicy(tx, projectId, field, policy === fieldOf(field).defaultPolicy ? null : policy);
  await appendActivity(tx, [
    {
      ...ONLINE,
      project_id: projectId,
      ticket_id: null,
      subject: 'policy',
      subject_id: field,
      action: 'changed',
      before,
      after: policy,
      actor_id: actor.userId,
    },
  ]);
}

const paramsSchema = z.object({ id: rowId, field: z.string() });

function choiceOf(actor: Actor, request: FastifyRequest): Choice {
  const params = paramsSchema.safeParse(request.params);
  const projectId = params.success ? params.data.id.toLowerCase() : null;
  if (!params.success || projectId === null || !actor.roles.has(projectId)) {
    throw new Problem(404, 'unknown_project', 'This project does not exist, or you are not a member of it.');
  }
  const allowed = can(actor, 'policy.edit', { projectId });
  if (!allowed.allowed) throw new Problem(403, 'forbidden', allowed.reason);
  const { field } = params.data;
  if (!isFieldName(field)) throw new Problem(404, 'unknown_field', `Tickets have no field “${field}”.`);
  const body = policyChoice.safeParse(request.body);
  if (!body.success || !policyChoices(field).includes(body.data.policy)) {
    const choices = policyChoices(field).join(', ');
    throw new Problem(400, 'bad_policy', `${fieldOf(field).label} can be settled by: ${choices}.`);
  }
  return { projectId, field, policy: body.data.policy };
}
