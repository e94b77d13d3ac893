import { isNoEdit, readEdit } from '../../../shared/conflict/fold.ts';
import { can } from '../../../shared/permissions/can.ts';
import {
  FIELD_NAMES,
  type FieldName,
  type FieldValue,
  fieldOf,
  isFieldName,
  normalise,
} from '../../../shared/tickets/fields.ts';
import type { TicketRow } from '../../tickets/rows.ts';
import { APPLIED, UNCHANGED } from '../answer.ts';
import { extendChain } from '../chains.ts';
import { noticeAssignment, objectionTo } from '../field-values.ts';
import {
  type Handled,
  type Handler,
  handled,
  type Judgement,
  refuse,
  UNKNOWN_TICKET,
  unknownColumns,
} from '../handler.ts';
import { asRowId, type QueuedOp } from '../parse.ts';
import { trace } from '../trace.ts';

/** Columns only the server writes: what a client claims of them is ignored (C17). */
const OWNED_COLUMNS: readonly string[] = [
  'id',
  'project_id',
  'number',
  'revision',
  'created_by',
  'created_at',
  'updated_at',
  'description_text',
];

const ONLINE_ONLY =
  'Moving a ticket to the trash, or back, works online only. Open the ticket and try again.';

export const handleTicket: Handler = (op, judgement) => {
  const ticket = judgement.draft.tickets.get(op.id);
  switch (op.verb) {
    case 'PUT':
      return ticket ? putExisting(op, judgement, ticket) : create(op, judgement);
    case 'PATCH':
      return ticket ? edit(op, judgement, ticket, (field) => op.old[field]) : refuse(UNKNOWN_TICKET);
    case 'DELETE':
      return refuse(ONLINE_ONLY, ticket && placeOf(ticket));
  }
};

/** Queues each field's edit, to be folded and settled with its chain (C2). */
function edit(
  op: QueuedOp,
  judgement: Judgement,
  ticket: TicketRow,
  oldOf: (field: FieldName) => unknown,
): Handled {
  const place = placeOf(ticket);
  const refusal = refuseEdit(op, judgement, ticket);
  if (refusal !== null) return refuse(refusal, judgement.actor.roles.has(ticket.project_id) ? place : null);
  // Columns that equal their `old` are no edits (C4), even where their value could not be written today.
  const named = Object.keys(op.data).filter(isFieldName);
  const changed = named.filter((field) => oldOf(field) === undefined || op.data[field] !== oldOf(field));
  for (const field of changed) {
    const reading = readEdit(field, op.data[field], oldOf(field));
    if (!reading.ok) return refuse(`${reading.reason}. Correct it and save it again.`, place);
    if (isNoEdit(reading.edit)) continue;
    const { incoming } = reading.edit;
    const isNew = incoming !== ticket.values[field];
    const objection = isNew ? objectionTo(judgement, ticket.project_id, field, incoming) : null;
    if (objection !== null) return refuse(objection, place);
    extendChain(judgement.draft, op, ticket.id, field, reading.edit);
  }
  // Whatever the chains come to weighs more than this, which stands when there is none.
  return handled(UNCHANGED);
}

function refuseEdit(op: QueuedOp, { actor }: Judgement, ticket: TicketRow): string | null {
  if (!actor.roles.has(ticket.project_id)) return UNKNOWN_TICKET;
  const allowed = can(actor, 'ticket.edit', { projectId: ticket.project_id });
  if (!allowed.allowed) return allowed.reason;
  const project = op.data.project_id;
  if (project !== undefined && asRowId(project) !== ticket.project_id) {
    return 'A ticket cannot be moved to another project. Create it there instead.';
  }
  if ('deleted_at' in op.data && !sameMoment(op.data.deleted_at, ticket.deleted_at)) return ONLINE_ONLY;
  return unknownColumns(op, isKnownColumn);
}

/**
 * The ticket is there already: sent twice under two op ids, or made by two devices. Its author saw an empty ticket,
 * so every field is an edit of its initial value; equal values are no change.
 */
function putExisting(op: QueuedOp, judgement: Judgement, ticket: TicketRow): Handled {
  if (!judgement.actor.roles.has(ticket.project_id)) return refuse(UNKNOWN_TICKET);
  return edit(op, judgement, ticket, (field) => fieldOf(field).initial ?? null);
}

function create(op: QueuedOp, judgement: Judgement): Handled {
  const { actor } = judgement;
  const projectId = asRowId(op.data.project_id);
  if (asRowId(op.id) === null) return refuse('This ticket has no readable id. Create it again.');
  if (projectId === null) return refuse('This ticket names no project. Create it again in one.');
  const allowed = can(actor, 'ticket.create', { projectId });
  const place = actor.roles.has(projectId) ? { projectId, ticketId: null } : null;
  if (!allowed.allowed) return refuse(allowed.reason, place);
  if (op.data.deleted_at !== undefined && op.data.deleted_at !== null) return refuse(ONLINE_ONLY, place);
  const unknown = unknownColumns(op, isKnownColumn);
  if (unknown !== null) return refuse(unknown, place);
  const reading = readNewValues(op, judgement, projectId);
  if (!reading.ok) return refuse(reading.reason, place);
  addTicket(op, judgement, projectId, reading.values);
  return handled(APPLIED);
}

/** The server gives number, times and authorship (C17). */
function addTicket(op: QueuedOp, judgement: Judgement, projectId: string, values: TicketRow['values']): void {
  const { actor, draft, now } = judgement;
  const number = (draft.lastNumbers.get(projectId) ?? 0) + 1;
  draft.lastNumbers.set(projectId, number);
  const ticket: TicketRow = {
    id: op.id,
    project_id: projectId,
    number,
    revision: 1,
    created_by: actor.userId,
    updated_at: now,
    deleted_at: null,
    values,
  };
  draft.tickets.put(ticket);
  trace(judgement, op, {
    project_id: projectId,
    ticket_id: ticket.id,
    subject: 'ticket',
    subject_id: ticket.id,
    action: 'created',
    after: values,
    outcome: 'applied',
  });
  noticeAssignment(judgement, ticket);
}

type NewValues = { ok: true; values: Record<FieldName, FieldValue> } | { ok: false; reason: string };

function readNewValues(op: QueuedOp, judgement: Judgement, projectId: string): NewValues {
  const values: Partial<Record<FieldName, FieldValue>> = {};
  for (const field of FIELD_NAMES) {
    const reading = normalise(field, op.data[field] ?? fieldOf(field).initial);
    if (!reading.ok) return { ok: false, reason: `${reading.reason}. Correct it and save it again.` };
    const objection = objectionTo(judgement, projectId, field, reading.value);
    if (objection !== null) return { ok: false, reason: objection };
    values[field] = reading.value;
  }
  return isComplete(values) ? { ok: true, values } : { ok: false, reason: 'This ticket is incomplete.' };
}

const isComplete = (
  values: Partial<Record<FieldName, FieldValue>>,
): values is Record<FieldName, FieldValue> => FIELD_NAMES.every((field) => values[field] !== undefined);

const placeOf = (ticket: TicketRow) => ({ projectId: ticket.project_id, ticketId: ticket.id });

const isKnownColumn = (column: string): boolean =>
  isFieldName(column) || OWNED_COLUMNS.includes(column) || column === 'deleted_at';

function sameMoment(claimed: unknown, stored: string | null): boolean {
  if (claimed === null || claimed === '') return stored === null;
  return typeof claimed === 'string' && stored !== null && Date.parse(claimed) === Date.parse(stored);
}
