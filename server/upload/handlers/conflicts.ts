import { can } from '../../../shared/permissions/can.ts';
import { fieldOf } from '../../../shared/tickets/fields.ts';
import type { ConflictRow } from '../../review/rows.ts';
import type { TicketRow } from '../../tickets/rows.ts';
import { APPLIED, UNCHANGED } from '../answer.ts';
import { nameOf, setValue, show } from '../field-values.ts';
import {
  type Handled,
  type Handler,
  handled,
  type Judgement,
  notFromQueue,
  refuse,
  unknownColumns,
} from '../handler.ts';
import type { QueuedOp } from '../parse.ts';
import { settleField } from '../settle.ts';
import { notify, notifyOther, trace } from '../trace.ts';
import { type Resolution, readResolution } from './resolution.ts';

const UNKNOWN_CONFLICT = 'This question does not exist, or it is in a project you are not a member of.';
const COLUMNS: readonly string[] = ['state', 'resolution', 'resolved_seeing', 'resolved_by', 'resolved_at'];

/** A person answers an open conflict: an edit like any other, made online or off (C12, C13). */
export const handleConflict: Handler = (op, judgement) => {
  if (op.verb !== 'PATCH') return notFromQueue('Conflicts can only be answered.');
  const { actor, draft } = judgement;
  const known = draft.conflicts.get(op.id);
  if (!known || !actor.roles.has(known.project_id)) return refuse(UNKNOWN_CONFLICT);
  const place = { projectId: known.project_id, ticketId: known.ticket_id };
  const allowed = can(actor, 'conflict.resolve', { projectId: known.project_id });
  if (!allowed.allowed) return refuse(allowed.reason, place);
  const unknown = unknownColumns(op, (column) => COLUMNS.includes(column));
  if (unknown !== null) return refuse(unknown, place);
  const reading = readResolution(op, judgement, known);
  if (!reading.ok) return refuse(reading.reason, place);
  // The device's own earlier edits of this field come first: the answer was given after them.
  settleField(judgement, known.ticket_id, known.field);
  const conflict = draft.conflicts.get(op.id) ?? known;
  const ticket = draft.tickets.get(known.ticket_id);
  if (!ticket) return refuse(UNKNOWN_CONFLICT);
  return answer(op, judgement, { conflict, ticket, resolution: reading.resolution });
};

interface Answering {
  readonly conflict: ConflictRow;
  readonly ticket: TicketRow;
  readonly resolution: Resolution;
}

function answer(op: QueuedOp, judgement: Judgement, answering: Answering): Handled {
  const { conflict, ticket, resolution } = answering;
  if (conflict.state !== 'open') return tooLate(op, judgement, answering);
  const current = ticket.values[conflict.field];
  if (current !== resolution.seeing && current !== resolution.value) {
    return reopen(op, judgement, answering, conflict.kind, movedWords(judgement, answering));
  }
  if (ticket.deleted_at === null || current === resolution.value) return settle(op, judgement, answering);
  if (conflict.kind === 'field') return reopen(op, judgement, answering, 'deleted', IN_TRASH);
  return restoreWith(op, judgement, answering);
}

const IN_TRASH =
  'This ticket went to the trash meanwhile. Answer again: restore it with your value, or let it go.';

function movedWords(judgement: Judgement, { conflict, ticket }: Answering): string {
  const label = fieldOf(conflict.field).label;
  const current = show(judgement, conflict.field, ticket.values[conflict.field]);
  return `${label} was changed again, to ${current}, since you answered. Your answer is kept: choose again.`;
}

/** C13: the first answer stands; the second is told, and kept in the activity. */
function tooLate(op: QueuedOp, judgement: Judgement, answering: Answering): Handled {
  const { conflict, ticket, resolution } = answering;
  const current = ticket.values[conflict.field];
  if (
    conflict.state === 'resolved' ? conflict.resolution === resolution.value : current === resolution.value
  ) {
    return handled(UNCHANGED);
  }
  traceResolution(op, judgement, answering, 'kept');
  notify(judgement, noticeOf(answering, judgement.actor.userId, 'overridden'));
  const value = show(
    judgement,
    conflict.field,
    conflict.state === 'resolved' ? conflict.resolution : current,
  );
  const who = nameOf(judgement, conflict.resolved_by) ?? 'Somebody';
  const reason =
    conflict.state === 'resolved'
      ? `${who} answered this first: ${value}. Your answer is kept in the activity.`
      : `This was settled meanwhile: ${value}. Your answer is kept in the activity.`;
  return handled({ outcome: 'kept', reason, conflictId: conflict.id });
}

/** C12: asks again about what stands now; the answer given stays visible beside the question. */
function reopen(
  op: QueuedOp,
  judgement: Judgement,
  answering: Answering,
  kind: ConflictRow['kind'],
  reason: string,
): Handled {
  const { conflict, ticket } = answering;
  const current = ticket.values[conflict.field];
  judgement.draft.conflicts.put({ ...withResolution(judgement, answering), kind, current, state: 'open' });
  traceResolution(op, judgement, answering, 'review');
  notify(judgement, noticeOf(answering, judgement.actor.userId, 'review'));
  return handled({ outcome: 'review', reason, conflictId: conflict.id });
}

/** C11: the ticket comes back together with the edit. */
function restoreWith(op: QueuedOp, judgement: Judgement, answering: Answering): Handled {
  const { ticket } = answering;
  const place = { projectId: ticket.project_id, ticketId: ticket.id };
  const allowed = can(judgement.actor, 'ticket.restore', place);
  if (!allowed.allowed) return refuse(allowed.reason, place);
  const restored = { ...ticket, deleted_at: null, revision: ticket.revision + 1, updated_at: judgement.now };
  judgement.draft.tickets.put(restored);
  trace(judgement, op, {
    project_id: ticket.project_id,
    ticket_id: ticket.id,
    subject: 'ticket',
    subject_id: ticket.id,
    action: 'restored',
    outcome: 'applied',
  });
  return settle(op, judgement, { ...answering, ticket: restored });
}

function settle(op: QueuedOp, judgement: Judgement, answering: Answering): Handled {
  const { conflict, ticket, resolution } = answering;
  const { draft } = judgement;
  traceResolution(op, judgement, answering, 'applied');
  // Closed before the value is set, so that setting it does not mark this conflict as superseded.
  draft.conflicts.put({ ...withResolution(judgement, answering), state: 'resolved' });
  if (resolution.value !== ticket.values[conflict.field]) {
    setValue(judgement, ticket, conflict.field, resolution.value);
  }
  const kind = resolution.value === conflict.proposed ? 'merged' : 'overridden';
  notifyOther(judgement, noticeOf(answering, conflict.author_id, kind));
  return handled(APPLIED);
}

const withResolution = ({ actor, now }: Judgement, { conflict, resolution }: Answering): ConflictRow => ({
  ...conflict,
  resolution: resolution.value,
  resolved_seeing: resolution.seeing,
  resolved_by: actor.userId,
  resolved_at: now,
});

function traceResolution(
  op: QueuedOp,
  judgement: Judgement,
  { conflict, ticket, resolution }: Answering,
  outcome: 'applied' | 'kept' | 'review',
): void {
  trace(judgement, op, {
    project_id: conflict.project_id,
    ticket_id: conflict.ticket_id,
    subject: conflict.field,
    subject_id: conflict.id,
    action: 'resolved',
    before: ticket.values[conflict.field],
    after: resolution.value,
    outcome,
  });
}

const noticeOf = (
  { conflict, ticket, resolution }: Answering,
  userId: string,
  kind: 'merged' | 'overridden' | 'review',
) => ({
  user_id: userId,
  project_id: conflict.project_id,
  ticket_id: conflict.ticket_id,
  kind,
  detail: {
    field: conflict.field,
    conflict_id: conflict.id,
    current: ticket.values[conflict.field],
    proposed: conflict.proposed,
    resolution: resolution.value,
  },
});
