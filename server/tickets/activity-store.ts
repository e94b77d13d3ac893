import type pg from 'pg';
import { z } from 'zod';
import type { ActivityRow } from './rows.ts';

/** All SQL about the audit log. Rows are only added. */

export async function appendActivity(tx: pg.ClientBase, rows: readonly ActivityRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO activity (project_id, ticket_id, subject, subject_id, action, before, after, actor_id, device_id,
       op_id, outcome, rule, overwrote_id, made_at, offline_since)
     SELECT project_id, ticket_id, subject, subject_id, action, before, after, actor_id, device_id,
       op_id, outcome, rule, overwrote_id, made_at, offline_since
     FROM jsonb_populate_recordset(NULL::activity, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

/** The line of what is done online at once: it came in no upload, and there was nothing to decide. */
export const ONLINE = {
  device_id: null,
  op_id: null,
  outcome: 'applied',
  rule: null,
  overwrote_id: null,
  made_at: null,
  offline_since: null,
} as const satisfies Partial<ActivityRow>;

const authorship = z.object({ ticket_id: z.string(), subject: z.string(), actor_id: z.string() });
export type Authorship = z.infer<typeof authorship>;

/** Who wrote the value that stands in each of these fields; none where it is still the ticket's first. */
export async function readValueAuthors(
  tx: pg.ClientBase,
  ticketIds: readonly string[],
  fields: readonly string[],
): Promise<Authorship[]> {
  const { rows } = await tx.query(
    `SELECT DISTINCT ON (ticket_id, subject) ticket_id, subject, actor_id FROM activity
     WHERE ticket_id = ANY($1::uuid[]) AND subject = ANY($2::text[]) AND outcome = 'applied'
     ORDER BY ticket_id, subject, created_at DESC`,
    [ticketIds, fields],
  );
  return z.array(authorship).parse(rows);
}
