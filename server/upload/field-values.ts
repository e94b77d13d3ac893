import { showValue } from '../../shared/conflict/outcome.ts';
import type { FieldName, FieldValue } from '../../shared/tickets/fields.ts';
import type { TicketRow } from '../tickets/rows.ts';
import type { Judgement } from './handler.ts';
import { fieldKey } from './store.ts';
import { notifyOther } from './trace.ts';

/** Who wrote the value that stands in a field: the last to change it, or whoever created the ticket. */
export function authorOf({ draft }: Judgement, ticket: TicketRow, field: FieldName): string {
  return draft.valueAuthors.get(fieldKey(ticket.id, field)) ?? ticket.created_by;
}

export const nameOf = ({ snapshot }: Judgement, userId: string | null): string | null =>
  userId === null ? null : (snapshot.names.get(userId) ?? null);

export const show = ({ snapshot }: Judgement, field: FieldName, value: FieldValue): string =>
  showValue(field, value, snapshot.names);

/** Says why a value of the right form cannot stand in this project's ticket, or null when it can. */
export function objectionTo(
  { snapshot }: Judgement,
  projectId: string,
  field: FieldName,
  value: FieldValue,
): string | null {
  if (field !== 'assignee_id' || value === null) return null;
  if (snapshot.members.get(projectId)?.has(String(value))) return null;
  return 'Assignee: this person is not a member of the project. Choose somebody who is.';
}

/** Puts a value into a field, and into whatever shows that field's current value (C12). */
export function setValue(
  judgement: Judgement,
  ticket: TicketRow,
  field: FieldName,
  value: FieldValue,
): TicketRow {
  const { draft, actor, now } = judgement;
  const changed = {
    ...ticket,
    revision: ticket.revision + 1,
    updated_at: now,
    values: { ...ticket.values, [field]: value },
  };
  draft.tickets.put(changed);
  draft.valueAuthors.set(fieldKey(ticket.id, field), actor.userId);
  refreshConflicts(judgement, changed, field);
  if (field === 'assignee_id') noticeAssignment(judgement, changed);
  return changed;
}

export function noticeAssignment(judgement: Judgement, ticket: TicketRow): void {
  const assignee = ticket.values.assignee_id;
  if (typeof assignee !== 'string') return;
  notifyOther(judgement, {
    user_id: assignee,
    project_id: ticket.project_id,
    ticket_id: ticket.id,
    kind: 'assigned',
    detail: { field: 'assignee_id' },
  });
}

/**
 * Open questions about the field show what stands now. One whose proposal has become the current value asks nothing
 * any more; those of a ticket in the trash stay, for there the ticket itself is the question.
 */
function refreshConflicts({ draft, actor }: Judgement, ticket: TicketRow, field: FieldName): void {
  const current = ticket.values[field];
  for (const conflict of [...draft.conflicts.all()]) {
    if (conflict.ticket_id !== ticket.id || conflict.field !== field || conflict.state !== 'open') continue;
    const settled = conflict.proposed === current && ticket.deleted_at === null;
    draft.conflicts.put({
      ...conflict,
      current,
      current_author_id: actor.userId,
      state: settled ? 'superseded' : 'open',
    });
  }
}
