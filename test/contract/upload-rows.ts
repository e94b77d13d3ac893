import { randomUUID } from 'node:crypto';
import type { ConflictRow } from '../../server/review/rows.ts';
import type { ActivityRow, CommentRow, TicketRow } from '../../server/tickets/rows.ts';
import type { Changes, RowChanges } from '../../server/upload/store.ts';

/** Rows as an upload writes them, valid unless a test says otherwise. */

const NOW = '2026-03-01T00:00:00.000Z';

export const inserted = <Row>(...rows: readonly Row[]): RowChanges<Row> => ({
  inserted: rows,
  updated: [],
  deleted: [],
});

export const changed = (changes: Partial<Changes>): Changes => ({
  tickets: inserted(),
  comments: inserted(),
  labels: inserted(),
  ticketLabels: inserted(),
  conflicts: inserted(),
  notices: inserted(),
  descriptionReviews: inserted(),
  newNotices: [],
  activity: [],
  lastNumbers: new Map(),
  ...changes,
});

export const someTicket = (projectId: string, createdBy: string): TicketRow => ({
  id: randomUUID(),
  project_id: projectId,
  // Uploads number from the counter; here any number that is free will do.
  number: Math.floor(Math.random() * 2 ** 31),
  revision: 1,
  created_by: createdBy,
  updated_at: NOW,
  deleted_at: null,
  values: {
    title: 'A ticket',
    status: 'todo',
    priority: 'none',
    assignee_id: null,
    due_on: '2026-03-05',
    estimate: 2.5,
    rank: '',
  },
});

export const someComment = (ticket: TicketRow): CommentRow => ({
  id: randomUUID(),
  project_id: ticket.project_id,
  ticket_id: ticket.id,
  author_id: ticket.created_by,
  body: 'A comment',
  updated_at: NOW,
});

export const someConflict = (ticket: TicketRow, authorId: string): ConflictRow => ({
  id: randomUUID(),
  project_id: ticket.project_id,
  ticket_id: ticket.id,
  kind: 'field',
  field: 'due_on',
  base: '2026-03-04',
  current: '2026-03-05',
  proposed: '2026-03-06',
  author_id: authorId,
  device_id: 'a device',
  current_author_id: ticket.created_by,
  state: 'open',
  resolution: null,
  resolved_seeing: null,
  resolved_by: null,
  resolved_at: null,
  made_at: null,
  offline_since: null,
});

export const someActivity = (ticket: TicketRow, actorId: string): ActivityRow => ({
  project_id: ticket.project_id,
  ticket_id: ticket.id,
  subject: 'title',
  subject_id: null,
  action: 'changed',
  before: 'Before',
  after: 'After',
  actor_id: actorId,
  device_id: 'a device',
  op_id: 1,
  outcome: 'applied',
  rule: null,
  overwrote_id: null,
  made_at: null,
  offline_since: null,
});
