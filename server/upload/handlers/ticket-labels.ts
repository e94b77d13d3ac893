import { can } from '../../../shared/permissions/can.ts';
import { ticketLabelId } from '../../../shared/tickets/ticket.ts';
import type { LabelRow, TicketRow } from '../../tickets/rows.ts';
import { type Answer, APPLIED, UNCHANGED } from '../answer.ts';
import {
  type Handled,
  type Handler,
  handled,
  type Judgement,
  notFromQueue,
  refuse,
  UNKNOWN_TICKET,
} from '../handler.ts';
import { asRowId, type QueuedOp } from '../parse.ts';
import { trace } from '../trace.ts';

interface Pair {
  readonly ticketId: string;
  readonly labelId: string;
}

/** The labels of a ticket are a set: additions and removals of both sides stand. */
export const handleTicketLabel: Handler = (op, judgement) => {
  if (op.verb === 'PATCH') return notFromQueue('A label on a ticket can be added or removed, not changed.');
  const pair = pairOf(op);
  if (!pair) return refuse('This change does not say which label of which ticket it means. Make it again.');
  const { actor, draft } = judgement;
  const ticket = draft.tickets.get(pair.ticketId);
  if (!ticket || !actor.roles.has(ticket.project_id)) return refuse(UNKNOWN_TICKET);
  const place = { projectId: ticket.project_id, ticketId: ticket.id };
  const allowed = can(actor, 'ticket.edit', { projectId: ticket.project_id });
  if (!allowed.allowed) return refuse(allowed.reason, place);
  const label = draft.labels.get(draft.labelAliases.get(pair.labelId) ?? pair.labelId);
  if (!label || label.project_id !== ticket.project_id) {
    return op.verb === 'PUT'
      ? refuse('This label does not exist in the project. Add it again.', place)
      : handled(UNCHANGED);
  }
  return op.verb === 'PUT' ? add(op, judgement, ticket, label) : remove(op, judgement, ticket, label);
};

function add(op: QueuedOp, judgement: Judgement, ticket: TicketRow, label: LabelRow): Handled {
  const id = ticketLabelId(ticket.id, label.id);
  if (judgement.draft.ticketLabels.get(id)) return handled(id === op.id ? UNCHANGED : ALREADY_WORN);
  judgement.draft.ticketLabels.put({
    id,
    project_id: ticket.project_id,
    ticket_id: ticket.id,
    label_id: label.id,
  });
  traceLabel(judgement, op, ticket, label, 'added');
  return handled(appliedTo(ticket));
}

function remove(op: QueuedOp, judgement: Judgement, ticket: TicketRow, label: LabelRow): Handled {
  const id = ticketLabelId(ticket.id, label.id);
  if (!judgement.draft.ticketLabels.get(id)) return handled(UNCHANGED);
  judgement.draft.ticketLabels.remove(id);
  traceLabel(judgement, op, ticket, label, 'removed');
  return handled(appliedTo(ticket));
}

const ALREADY_WORN: Answer = { outcome: 'merged', reason: 'The ticket has this label already.' };

function appliedTo(ticket: TicketRow): Answer {
  if (ticket.deleted_at === null) return APPLIED;
  return { outcome: 'merged', reason: 'This ticket is in the trash. Its labels show when it is restored.' };
}

function traceLabel(
  judgement: Judgement,
  op: QueuedOp,
  ticket: TicketRow,
  label: LabelRow,
  action: 'added' | 'removed',
): void {
  trace(judgement, op, {
    project_id: ticket.project_id,
    ticket_id: ticket.id,
    subject: 'label',
    subject_id: label.id,
    action,
    [action === 'added' ? 'after' : 'before']: label.name,
    outcome: 'applied',
  });
}

/** The pair in the id, `<ticket>/<label>`; a client with ids of another form names it in the row. */
export function pairOf(op: QueuedOp): Pair | null {
  const [ticket, label] = op.id.split('/');
  return (
    readPair(ticket, label) ??
    readPair(op.data.ticket_id, op.data.label_id) ??
    readPair(op.old.ticket_id, op.old.label_id)
  );
}

function readPair(ticket: unknown, label: unknown): Pair | null {
  const ticketId = asRowId(ticket);
  const labelId = asRowId(label);
  return ticketId && labelId ? { ticketId, labelId } : null;
}
