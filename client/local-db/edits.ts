import { v5 as uuidFromName } from 'uuid';
import type { OverlapResolution } from '../../shared/protocol/overlaps.ts';
import type { FieldName, FieldValue } from '../../shared/tickets/fields.ts';
import { FIELD_NAMES, FIELDS, normalise } from '../../shared/tickets/fields.ts';
import { ticketLabelId } from '../../shared/tickets/ticket.ts';
import { type AnsweredRow, answerWrite, type Decision } from './conflict-answer.ts';
import type { Comment, Label, Ticket } from './rows.ts';
import type { Commit, EditResult } from './windows/committer.ts';
import type { RowWrite } from './windows/row-write.ts';

export type TicketChanges = Partial<Record<FieldName, FieldValue>>;

interface EditsDeps {
  readonly commit: Commit;
  /** Who edits: authorship until the server says so itself (C17). */
  readonly userId: string;
  readonly newId: () => string;
  readonly now: () => Date;
}

export type Created = EditResult & { readonly id: string };

/**
 * Every change a person makes to structured data. Each call is one client transaction: it shows at once, is kept in
 * SQLite and queued for upload, online or not.
 */
export interface Edits {
  createTicket(projectId: string, fields: TicketChanges, labelIds?: readonly string[]): Promise<Created>;
  /** Names only the fields that changed (C4). */
  editTicket(ticketId: string, changes: TicketChanges): Promise<EditResult>;
  addComment(ticket: Pick<Ticket, 'id' | 'project_id'>, body: string): Promise<Created>;
  editComment(commentId: string, body: string): Promise<EditResult>;
  deleteComment(commentId: string): Promise<EditResult>;
  /** Two devices that create one label make one row; the same name gives the same id. */
  createLabel(projectId: string, name: string, color: string): Promise<Created>;
  addLabel(ticket: Pick<Ticket, 'id' | 'project_id'>, labelId: string): Promise<EditResult>;
  removeLabel(ticketId: string, labelId: string): Promise<EditResult>;
  /** Settles an open conflict with a value, seeing what stands now (C12). */
  answerConflict(conflict: AnsweredRow, decision: Decision): Promise<EditResult>;
  /** Records what was chosen for a description's overlaps; the text itself is an edit of the description (D12). */
  settleOverlaps(reviewId: string, resolution: OverlapResolution): Promise<EditResult>;
  /** Makes edits again that the server did not take up, as new ones that see today's values. */
  repeat(writes: readonly RowWrite[]): Promise<EditResult>;
  /** On all of this person's devices. */
  readNotices(noticeIds: readonly string[]): Promise<EditResult>;
}

export function createEdits(deps: EditsDeps): Edits {
  const { commit } = deps;
  return {
    createTicket: async (projectId, fields, labelIds = []) => {
      const id = deps.newId();
      const values = normaliseAll({ ...initialFields(), ...fields });
      if (!values.ok) return { ...values, id };
      const ticket = newTicket(deps, id, projectId, values.changes);
      const labels = labelIds.map((labelId) => labelOf({ id, project_id: projectId }, labelId));
      return { ...(await commit([ticket, ...labels])), id };
    },
    editTicket: async (ticketId, changes) => {
      const values = normaliseAll(changes);
      if (!values.ok) return values;
      return commit([{ kind: 'update', table: 'tickets', id: ticketId, values: values.changes }]);
    },
    addComment: async (ticket, body) => {
      const id = deps.newId();
      const values = newComment(deps, ticket, body);
      return { ...(await commit([{ kind: 'insert', table: 'comments', id, values }])), id };
    },
    editComment: (id, body) => commit([{ kind: 'update', table: 'comments', id, values: { body } }]),
    deleteComment: (id) => commit([{ kind: 'delete', table: 'comments', id }]),
    createLabel: async (projectId, name, color) => {
      const id = labelIdOf(projectId, name);
      const values: Omit<Label, 'id'> = { project_id: projectId, name: name.trim(), color };
      return { ...(await commit([{ kind: 'insert', table: 'labels', id, values }])), id };
    },
    addLabel: (ticket, labelId) => commit([labelOf(ticket, labelId)]),
    removeLabel: (ticketId, labelId) =>
      commit([{ kind: 'delete', table: 'ticket_labels', id: ticketLabelId(ticketId, labelId) }]),
    answerConflict: (conflict, decision) => commit([answerWrite(conflict, decision)]),
    settleOverlaps: (id, resolution) => {
      const values = { state: 'resolved', resolution: JSON.stringify(resolution) };
      return commit([{ kind: 'update', table: 'description_reviews', id, values }]);
    },
    repeat: (writes) => commit(writes),
    readNotices: (ids) => {
      const values = { read_at: deps.now().toISOString() };
      return commit(ids.map((id) => ({ kind: 'update', table: 'notices', id, values })));
    },
  };
}

export const labelIdOf = (projectId: string, name: string): string =>
  uuidFromName(name.trim().toLowerCase(), projectId);

function labelOf(ticket: Pick<Ticket, 'id' | 'project_id'>, labelId: string): RowWrite {
  return {
    kind: 'insert',
    table: 'ticket_labels',
    id: ticketLabelId(ticket.id, labelId),
    values: { project_id: ticket.project_id, ticket_id: ticket.id, label_id: labelId },
  };
}

/** Times and authorship are for this device's screens; the server sets its own (C17). */
function newTicket(deps: EditsDeps, id: string, projectId: string, fields: TicketChanges): RowWrite {
  const at = deps.now().toISOString();
  const shownHere = { description_text: '', created_by: deps.userId, created_at: at, updated_at: at };
  const values = { project_id: projectId, ...fields, ...shownHere };
  return { kind: 'insert', table: 'tickets', id, values };
}

function newComment(
  deps: EditsDeps,
  ticket: Pick<Ticket, 'id' | 'project_id'>,
  body: string,
): Omit<Comment, 'id'> {
  const at = deps.now().toISOString();
  return {
    project_id: ticket.project_id,
    ticket_id: ticket.id,
    author_id: deps.userId,
    body,
    created_at: at,
    updated_at: at,
  };
}

function initialFields(): TicketChanges {
  const named = FIELD_NAMES.map((name) => ({ name, definition: FIELDS[name] }));
  return Object.fromEntries(
    named.flatMap(({ name, definition }) => ('initial' in definition ? [[name, definition.initial]] : [])),
  );
}

type Normalised = { ok: true; changes: Record<string, FieldValue> } | { ok: false; reason: string };

function normaliseAll(fields: TicketChanges): Normalised {
  const changes: Record<string, FieldValue> = {};
  for (const name of FIELD_NAMES) {
    if (!(name in fields)) continue;
    const result = normalise(name, fields[name]);
    if (!result.ok) return { ok: false, reason: result.reason };
    changes[name] = result.value;
  }
  return { ok: true, changes };
}
