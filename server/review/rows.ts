import { z } from 'zod';
import { isFieldName, POLICIES } from '../../shared/tickets/fields.ts';
import { fieldValue } from '../tickets/rows.ts';

const time = z.string().nullable();

/** An open or settled question about one field; see the table's comment in the migrations. */
export const conflictRow = z.object({
  id: z.string(),
  project_id: z.string(),
  ticket_id: z.string(),
  kind: z.enum(['field', 'deleted']),
  field: z.string().refine(isFieldName),
  base: fieldValue,
  current: fieldValue,
  proposed: fieldValue,
  author_id: z.string(),
  device_id: z.string(),
  current_author_id: z.string().nullable(),
  state: z.enum(['open', 'resolved', 'superseded']),
  resolution: fieldValue,
  resolved_seeing: fieldValue,
  resolved_by: z.string().nullable(),
  resolved_at: time,
  made_at: time,
  offline_since: time,
});
export type ConflictRow = z.infer<typeof conflictRow>;

/** A notice as its reader's devices may change it. */
export const noticeRow = z.object({ id: z.string(), user_id: z.string(), read_at: time });
export type NoticeRow = z.infer<typeof noticeRow>;

/** What one person must be told; its id and time are the database's. */
export interface NewNotice {
  readonly user_id: string;
  readonly project_id: string;
  readonly ticket_id: string | null;
  readonly kind: 'merged' | 'overridden' | 'review' | 'rejected' | 'mentioned' | 'assigned';
  readonly detail: Readonly<Record<string, unknown>>;
}

export const policyRow = z.object({
  project_id: z.string(),
  field: z.string().refine(isFieldName),
  policy: z.enum(POLICIES),
});
export type PolicyRow = z.infer<typeof policyRow>;
