import { z } from 'zod';
import { FIELD_NAMES } from '../../shared/tickets/fields.ts';

/** What a field's column holds; the database's JSON is parsed like everything from outside. */
export const fieldValue = z.union([z.string(), z.number(), z.null()]);

const id = z.string();
const time = z.string();

/** A ticket as decisions see it: its fields apart from what only the server writes. Times are ISO 8601. */
export const ticketRow = z.object({
  id,
  project_id: id,
  number: z.number(),
  revision: z.number(),
  created_by: z.string(),
  updated_at: time,
  deleted_at: time.nullable(),
  values: z.record(z.enum(FIELD_NAMES), fieldValue),
});
export type TicketRow = z.infer<typeof ticketRow>;

export const commentRow = z.object({
  id,
  project_id: id,
  ticket_id: id,
  author_id: z.string(),
  body: z.string(),
  updated_at: time,
});
export type CommentRow = z.infer<typeof commentRow>;

export const labelRow = z.object({ id, project_id: id, name: z.string(), color: z.string() });
export type LabelRow = z.infer<typeof labelRow>;

export const ticketLabelRow = z.object({ id, project_id: id, ticket_id: id, label_id: id });
export type TicketLabelRow = z.infer<typeof ticketLabelRow>;

/** One line of the audit log; its id and time are the database's. */
export interface ActivityRow {
  readonly project_id: string;
  readonly ticket_id: string | null;
  readonly subject: string;
  readonly subject_id: string | null;
  readonly action:
    | 'created'
    | 'changed'
    | 'deleted'
    | 'restored'
    | 'added'
    | 'removed'
    | 'proposed'
    | 'resolved';
  readonly before: unknown;
  readonly after: unknown;
  readonly actor_id: string;
  readonly device_id: string | null;
  readonly op_id: number | null;
  readonly outcome: string;
  /** The policy or rule that decided between two values; null where there was nothing to decide. */
  readonly rule: string | null;
  readonly overwrote_id: string | null;
  readonly made_at: string | null;
  readonly offline_since: string | null;
}
