import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { type Action, type Actor, can } from '../../shared/permissions/can.ts';
import { rowId } from '../../shared/tickets/ticket.ts';
import { type Actors, requireActor } from '../auth/actors.ts';
import { inTransaction } from '../db/pool.ts';
import { Problem } from '../http/problem.ts';
import { appendActivity, ONLINE } from './activity-store.ts';
import type { TicketRow } from './rows.ts';
import { lockTickets, updateTickets } from './ticket-store.ts';

export interface TicketRoutesDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly clock?: () => Date;
}

/** What a person can only do online: move a ticket to the trash, and take it out again. */
export const ticketRoutes = ({
  pool,
  actors,
  clock = () => new Date(),
}: TicketRoutesDeps): FastifyPluginAsync => {
  /** Locks the ticket, lets `change` decide on it, and stores the result with its line in the activity log. */
  async function changeTicket(
    request: FastifyRequest,
    action: Action,
    change: Change,
  ): Promise<TicketAnswer> {
    const actor = await requireActor(actors, request);
    const id = ticketIdOf(request);
    return inTransaction(pool, async (tx) => {
      const [ticket] = await lockTickets(tx, [id]);
      const permitted = requirePermitted(actor, action, ticket);
      const now = clock().toISOString();
      const next = { ...change(permitted, now), revision: permitted.revision + 1, updated_at: now };
      await updateTickets(tx, [next]);
      await appendActivity(tx, [activityOf(actor, permitted, next)]);
      return { ticket: { id, revision: next.revision, deleted_at: next.deleted_at } };
    });
  }

  return async (app) => {
    app.delete('/api/tickets/:id', async (request) => {
      return changeTicket(request, 'ticket.delete', (ticket, now) => {
        requireRevision(request.headers['if-match'], ticket);
        if (ticket.deleted_at !== null)
          throw new Problem(409, 'in_trash', 'This ticket is in the trash already.');
        return { ...ticket, deleted_at: now };
      });
    });
    app.post('/api/tickets/:id/restore', async (request) => {
      return changeTicket(request, 'ticket.restore', (ticket) => {
        if (ticket.deleted_at === null)
          throw new Problem(409, 'not_in_trash', 'This ticket is not in the trash.');
        return { ...ticket, deleted_at: null };
      });
    });
  };
};

type Change = (ticket: TicketRow, now: string) => TicketRow;

/** `deleted_at` is null for a ticket that is not in the trash. */
export interface TicketAnswer {
  readonly ticket: { readonly id: string; readonly revision: number; readonly deleted_at: string | null };
}

const idParams = z.object({ id: rowId });

function ticketIdOf(request: FastifyRequest): string {
  const params = idParams.safeParse(request.params);
  if (params.success) return params.data.id.toLowerCase();
  throw unknownTicket();
}

/** A ticket that its seeker may not see is as unknown as one that never was. */
function requirePermitted(actor: Actor, action: Action, ticket: TicketRow | undefined): TicketRow {
  if (!ticket || !actor.roles.has(ticket.project_id)) throw unknownTicket();
  const allowed = can(actor, action, { projectId: ticket.project_id });
  if (!allowed.allowed) throw new Problem(403, 'forbidden', allowed.reason);
  return ticket;
}

const unknownTicket = () =>
  new Problem(404, 'unknown_ticket', 'This ticket does not exist, or you are not a member of its project.');

/** Nobody deletes a ticket in a state they have not seen. Accepts the revision bare, or quoted as an entity tag. */
function requireRevision(header: string | undefined, ticket: TicketRow): void {
  if (header === undefined) {
    throw new Problem(
      428,
      'revision_needed',
      'Say which revision of the ticket you saw, in the If-Match header.',
    );
  }
  const match = /^(?:W\/)?"?(\d+)"?$/.exec(header.trim());
  if (!match)
    throw new Problem(400, 'bad_revision', 'The If-Match header must hold the ticket’s revision, a number.');
  if (Number(match[1]) !== ticket.revision) {
    throw new Problem(
      412,
      'stale',
      'This ticket was changed since you looked. Look at it again before you delete it.',
    );
  }
}

const activityOf = (actor: Actor, before: TicketRow, after: TicketRow) => ({
  ...ONLINE,
  project_id: before.project_id,
  ticket_id: before.id,
  subject: 'ticket',
  subject_id: before.id,
  action: after.deleted_at === null ? ('restored' as const) : ('deleted' as const),
  before: null,
  after: null,
  actor_id: actor.userId,
});
