import type pg from 'pg';
import { z } from 'zod';
import { readPolicies } from '../../server/review/policy-store.ts';
import { conflictRow, noticeRow } from '../../server/review/rows.ts';
import { commentRow, labelRow, ticketLabelRow, ticketRow } from '../../server/tickets/rows.ts';
import { fieldKey } from '../../server/upload/store.ts';
import { ROLES } from '../../shared/permissions/can.ts';
import { OUTCOMES } from '../../shared/protocol/upload.ts';
import { FIELD_NAMES } from '../../shared/tickets/fields.ts';
import { answerKey, emptyTables, type MemoryTables } from '../fakes/memory-tables.ts';

/** A project's rows in Postgres, in the shape of the tables in memory, so that one check reads both. */
export async function readTables(pool: pg.Pool, projectId: string): Promise<MemoryTables> {
  const read = async <T>(schema: z.ZodType<T>, table: string, where: string): Promise<T[]> => {
    // Rows are only ever added to the activity, so their places give their order, within a transaction too.
    const sql = `SELECT to_jsonb(r) AS row FROM ${table} r WHERE ${where} ORDER BY r.ctid`;
    const { rows } = await pool.query(sql, [projectId]);
    return z
      .array(z.object({ row: schema }))
      .parse(rows)
      .map(({ row }) => row);
  };
  const ofProject = <T>(schema: z.ZodType<T>, table: string) => read(schema, table, 'project_id = $1');
  const ofPeople = (column: string) => `right(${column}, 36) = $1`;

  const tables = emptyTables();
  const members = new Map((await ofProject(memberRow, 'members')).map((row) => [row.user_id, row.role]));
  tables.members.set(projectId, members);
  for (const { id, name } of await read(profileRow, 'profiles', ofPeople('id')))
    tables.profiles.set(id, name);
  const client = await pool.connect();
  const policies = await readPolicies(client, [projectId]).finally(() => client.release());
  for (const row of policies) {
    tables.policies.set(fieldKey(row.project_id, row.field), row.policy);
  }
  fill(tables.tickets, await ofProject(storedTicket, 'tickets'));
  fill(tables.comments, await ofProject(commentRow, 'comments'));
  fill(tables.labels, await ofProject(labelRow, 'labels'));
  fill(tables.ticketLabels, await ofProject(ticketLabelRow, 'ticket_labels'));
  fill(tables.conflicts, await ofProject(conflictRow, 'conflicts'));
  fill(tables.notices, await ofProject(storedNotice, 'notices'));
  tables.activity.push(...(await ofProject(activityRow, 'activity')));
  for (const row of await read(ledgerRow, 'ledger', ofPeople('user_id'))) {
    const { user_id: userId, device_id: deviceId, conflict_id, op_id, outcome, reason } = row;
    const answer = { op_id, outcome, reason, ...(conflict_id !== null && { conflict_id }) };
    tables.ledger.set(answerKey({ userId, deviceId }, op_id), answer);
  }
  return tables;
}

function fill<Row extends { readonly id: string }>(map: Map<string, Row>, rows: readonly Row[]): void {
  for (const row of rows) map.set(row.id, row);
}

const memberRow = z.object({ user_id: z.string(), role: z.enum(ROLES) });
const profileRow = z.object({ id: z.string(), name: z.string() });

const storedTicket = z
  .looseObject({})
  .transform((row) => ({
    ...row,
    values: Object.fromEntries(FIELD_NAMES.map((name) => [name, row[name]])),
  }))
  .pipe(ticketRow);

const storedNotice = noticeRow.extend({
  project_id: z.string(),
  ticket_id: z.string().nullable(),
  kind: z.enum(['merged', 'overridden', 'review', 'rejected', 'mentioned', 'assigned']),
  detail: z.record(z.string(), z.unknown()),
});

const text = z.string().nullable();
const activityRow = z.object({
  project_id: z.string(),
  ticket_id: text,
  subject: z.string(),
  subject_id: text,
  action: z.enum(['created', 'changed', 'deleted', 'restored', 'added', 'removed', 'proposed', 'resolved']),
  before: z.unknown(),
  after: z.unknown(),
  actor_id: z.string(),
  device_id: text,
  op_id: z.number().nullable(),
  outcome: z.string(),
  rule: text,
  overwrote_id: text,
  made_at: text,
  offline_since: text,
});

const ledgerRow = z.object({
  user_id: z.string(),
  device_id: z.string(),
  op_id: z.number(),
  outcome: z.enum(OUTCOMES),
  reason: text,
  conflict_id: text,
});
