import type pg from 'pg';
import { ticketLabelId } from '../../shared/tickets/ticket.ts';
import { appendActivity } from '../tickets/activity-store.ts';
import type { ActivityRow } from '../tickets/rows.ts';
import { lockNumbers, storeNumbers } from '../tickets/ticket-store.ts';
import { type ConvertedTicket, labelColour, labelId } from './convert.ts';
import { resolvePeople } from './people.ts';
import {
  ensureLabels,
  type ImportedComment,
  type ImportedTicket,
  insertComments,
  insertDescriptions,
  insertTicketLabels,
  insertTickets,
  readKnownSources,
} from './store.ts';

interface BatchContext {
  readonly projectId: string;
  readonly actor: { readonly userId: string };
  readonly newId: () => string;
}

interface NumberedTicket {
  readonly ticket: ConvertedTicket;
  readonly id: string;
  readonly number: number;
}

/** Writes converted tickets, numbered in the order they come; how many were not there already. */
export async function writeBatch(
  tx: pg.PoolClient,
  context: BatchContext,
  batch: readonly ConvertedTicket[],
): Promise<number> {
  const { projectId } = context;
  // Also what keeps two imports apart: the second waits here, then sees what the first has brought.
  const last = (await lockNumbers(tx, [projectId])).get(projectId);
  if (last === undefined) throw new Error(`There is no project ${projectId}.`);
  const known = await readKnownSources(
    tx,
    projectId,
    batch.map((ticket) => ticket.source.sourceId),
  );
  const fresh = batch.filter((ticket) => !known.has(ticket.source.sourceId));
  const numbered = fresh.map((ticket, index) => ({ ticket, id: context.newId(), number: last + index + 1 }));
  await storeNumbers(tx, new Map([[projectId, last + numbered.length]]));

  const people = await resolvePeople(tx, projectId, namesIn(fresh));
  await insertTickets(
    tx,
    projectId,
    numbered.map((entry) => ticketRow(entry, context, people)),
  );
  await insertDescriptions(tx, projectId, numbered.flatMap(descriptionRow));
  await insertComments(
    tx,
    projectId,
    numbered.flatMap((entry) => commentRows(entry, context, people)),
  );
  await writeLabels(tx, projectId, numbered);
  await appendActivity(
    tx,
    numbered.map((entry) => activityRow(entry, context)),
  );
  return numbered.length;
}

function namesIn(tickets: readonly ConvertedTicket[]): Set<string> {
  const names = tickets.flatMap(({ source }) => [
    source.author,
    source.assignee,
    ...source.comments.map((comment) => comment.author),
  ]);
  return new Set(names.filter((name) => name !== null && name !== undefined));
}

type People = ReadonlyMap<string, string>;

function ticketRow(
  { ticket, id, number }: NumberedTicket,
  { actor }: BatchContext,
  people: People,
): ImportedTicket {
  const { source } = ticket;
  return {
    id,
    source_id: source.sourceId,
    number,
    title: source.title,
    status: ticket.status,
    priority: source.priority ?? 'none',
    due_on: source.due_on ?? null,
    estimate: source.estimate ?? null,
    assignee_id: people.get(source.assignee ?? '') ?? null,
    description_text: ticket.text,
    created_by: people.get(source.author ?? '') ?? actor.userId,
    created_at: ticket.createdAt,
    updated_at: ticket.updatedAt,
  };
}

const descriptionRow = ({ ticket, id }: NumberedTicket) =>
  ticket.description ? [{ ...ticket.description, ticketId: id, updatedAt: ticket.updatedAt }] : [];

function commentRows(
  { ticket, id }: NumberedTicket,
  context: BatchContext,
  people: People,
): ImportedComment[] {
  return ticket.source.comments.map((comment) => ({
    id: context.newId(),
    ticket_id: id,
    author_id: people.get(comment.author) ?? context.actor.userId,
    body: comment.body,
    created_at: new Date(comment.created_at),
    updated_at: new Date(comment.updated_at ?? comment.created_at),
  }));
}

async function writeLabels(
  tx: pg.ClientBase,
  projectId: string,
  tickets: readonly NumberedTicket[],
): Promise<void> {
  const names = new Map<string, string>();
  for (const name of tickets.flatMap(({ ticket }) => ticket.source.labels)) {
    const id = labelId(projectId, name);
    if (!names.has(id)) names.set(id, name);
  }
  const labels = [...names].map(([id, name]) => ({ id, name, color: labelColour(name) }));
  const ids = await ensureLabels(tx, projectId, labels);
  const pairs = tickets.flatMap(({ ticket, id }) =>
    ticket.source.labels.map((name) => {
      const own = labelId(projectId, name);
      const label_id = ids.get(names.get(own) ?? name) ?? own;
      return { id: ticketLabelId(id, label_id), ticket_id: id, label_id };
    }),
  );
  await insertTicketLabels(tx, projectId, pairs);
}

function activityRow({ ticket, id }: NumberedTicket, { projectId, actor }: BatchContext): ActivityRow {
  return {
    project_id: projectId,
    ticket_id: id,
    subject: 'ticket',
    subject_id: id,
    action: 'created',
    before: null,
    after: { title: ticket.source.title, source: ticket.source.sourceId },
    actor_id: actor.userId,
    device_id: null,
    op_id: null,
    outcome: 'applied',
    rule: 'import',
    overwrote_id: null,
    made_at: ticket.createdAt.toISOString(),
    offline_since: null,
  };
}
