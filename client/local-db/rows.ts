import { z } from 'zod';
import { ROLES } from '../../shared/permissions/can.ts';
import { OUTCOMES } from '../../shared/protocol/upload.ts';
import { PRIORITIES, STATUSES } from '../../shared/tickets/ticket.ts';

/**
 * Rows as the screens see them. SQLite gives no promise about what a column holds, so each row is parsed; a value
 * this version of Rejoin does not know is shown as the field's plainest value and, as writes only name the columns
 * their author changed, is never written back.
 */
const id = z.string();
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const optionalNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? null);

export const projectRow = z.object({ id, key: text, name: text, created_at: text });
export const memberRow = z.object({
  id,
  project_id: text,
  user_id: text,
  role: z.enum(ROLES).catch('viewer'),
  created_at: text,
});
export const profileRow = z.object({ id, name: text });

export const ticketRow = z.object({
  id,
  project_id: text,
  /** Null until the server has numbered a ticket that was created on this device. */
  number: optionalNumber,
  title: text,
  status: z.enum(STATUSES).catch('todo'),
  priority: z.enum(PRIORITIES).catch('none'),
  assignee_id: optionalText,
  /** `YYYY-MM-DD`. */
  due_on: optionalText,
  estimate: optionalNumber,
  rank: text,
  revision: optionalNumber,
  description_text: text,
  created_by: text,
  created_at: text,
  updated_at: text,
  deleted_at: optionalText,
});

export const labelRow = z.object({ id, project_id: text, name: text, color: text });
export const ticketLabelRow = z.object({ id, project_id: text, ticket_id: text, label_id: text });
export const commentRow = z.object({
  id,
  project_id: text,
  ticket_id: text,
  author_id: text,
  body: text,
  created_at: text,
  updated_at: text,
});

/** `before` and `after` are JSON texts; read them with {@link readJson}. */
export const activityRow = z.object({
  id,
  project_id: text,
  ticket_id: optionalText,
  subject: text,
  subject_id: optionalText,
  action: text,
  before: optionalText,
  after: optionalText,
  actor_id: text,
  device_id: optionalText,
  op_id: optionalNumber,
  outcome: text,
  rule: optionalText,
  overwrote_id: optionalText,
  made_at: optionalText,
  offline_since: optionalText,
  created_at: text,
});

export const descriptionRow = z.object({
  id,
  project_id: text,
  schema_version: z.number().catch(1),
  snapshot: text,
  updated_at: text,
});

export const outboxRow = z.object({
  id,
  op_id: z.number(),
  op: z.enum(['PUT', 'PATCH', 'DELETE']),
  table_name: text,
  row_id: text,
  data: optionalText,
  outcome: z.enum(OUTCOMES),
  reason: optionalText,
  conflict_id: optionalText,
  answered_at: text,
});

export type Project = z.output<typeof projectRow>;
export type Member = z.output<typeof memberRow>;
export type Profile = z.output<typeof profileRow>;
export type Ticket = z.output<typeof ticketRow>;
export type Label = z.output<typeof labelRow>;
export type Comment = z.output<typeof commentRow>;
export type Activity = z.output<typeof activityRow>;
export type DescriptionRow = z.output<typeof descriptionRow>;
export type OutboxRow = z.output<typeof outboxRow>;

/** The value in a JSON column; a text that is not JSON is taken as it stands. */
export function readJson(source: string | null): unknown {
  if (source === null) return null;
  try {
    return JSON.parse(source);
  } catch {
    return source;
  }
}
