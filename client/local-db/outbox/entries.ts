import type { CommonPowerSyncDatabase } from '@powersync/common';
import { z } from 'zod';
import { OUTCOMES, opMetadata } from '../../../shared/protocol/upload.ts';
import { readJson } from '../rows.ts';

const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const columns = optionalText.transform((json) => recordOf(readJson(json)));

/** What a line of the outbox needs besides the op: the ticket it is about, and names for ids. */
const place = {
  ticket_id: optionalText,
  ticket_title: optionalText,
  ticket_number: z.number().nullish(),
  project_key: optionalText,
  label_name: optionalText,
  conflict_field: optionalText,
};

const opColumns = {
  op_id: z.number(),
  op: z.enum(['PUT', 'PATCH', 'DELETE']),
  table_name: z.string(),
  row_id: z.string(),
  data: columns,
  old: columns,
  metadata: optionalText.transform((json) => opMetadata.safeParse(readJson(json)).data ?? {}),
};

/** An op that waits for its answer; `sent`: it was handed to the network and may be with the server already. */
export const waitingOp = z.object({ ...opColumns, ...place, sent: z.number().transform(Boolean) });
export type WaitingOp = z.output<typeof waitingOp>;

/** An op that was answered. */
export const answeredOp = z.object({
  ...opColumns,
  ...place,
  id: z.string(),
  tx_id: z.number().nullish(),
  outcome: z.enum(OUTCOMES),
  reason: optionalText,
  conflict_id: optionalText,
  answered_at: z.string(),
});
export type AnsweredOp = z.output<typeof answeredOp>;

/** What both have, enough to put an op into words. */
export type OutboxOp = Omit<WaitingOp, 'sent'>;

/** The tables that the queries below read besides the ops themselves. */
export const NAMING_TABLES = ['tickets', 'projects', 'labels', 'comments', 'conflicts', 'notices'] as const;

const QUEUED = `SELECT id AS op_id, json_extract(data, '$.op') AS op, json_extract(data, '$.type') AS table_name,
  json_extract(data, '$.id') AS row_id, json_extract(data, '$.data') AS data, json_extract(data, '$.old') AS old,
  json_extract(data, '$.metadata') AS metadata,
  id <= coalesce((SELECT sent_to FROM upload_mark WHERE id = 'mark'), 0) AS sent FROM ps_crud`;

/** Everything that waits, for a file. */
export async function readWaitingOps(db: Pick<CommonPowerSyncDatabase, 'getAll'>): Promise<WaitingOp[]> {
  return waitingOp.array().parse(await db.getAll(waitingOpsSql(ALL)));
}

/** SQLite's way to say no limit. */
const ALL = -1;

/** The newest last, as they will be sent. An op whose answer is kept is on its way out of the queue. */
export const waitingOpsSql = (limit: number): string =>
  named(
    `${QUEUED} WHERE CAST(id AS TEXT) NOT IN (SELECT id FROM outbox) ORDER BY id LIMIT ${limit}`,
    'op_id',
  );

export const answeredOpsSql = (limit: number): string =>
  named(
    `SELECT * FROM outbox ORDER BY answered_at DESC, op_id DESC LIMIT ${limit}`,
    'answered_at DESC, op_id DESC',
  );

/** Finds the ticket of each op: by its own id, by what it names, or by the row it changes. */
function named(ops: string, order: string): string {
  return `WITH ops AS (${ops}), placed AS (
    SELECT ops.*, CASE table_name
      WHEN 'tickets' THEN row_id
      WHEN 'ticket_labels' THEN substr(row_id, 1, instr(row_id, '/') - 1)
      WHEN 'comments' THEN coalesce(json_extract(data, '$.ticket_id'), json_extract(old, '$.ticket_id'),
        (SELECT c.ticket_id FROM comments c WHERE c.id = row_id))
      WHEN 'conflicts' THEN (SELECT k.ticket_id FROM conflicts k WHERE k.id = row_id)
      WHEN 'notices' THEN (SELECT n.ticket_id FROM notices n WHERE n.id = row_id)
    END AS ticket_id FROM ops)
  SELECT placed.*, t.title AS ticket_title, t.number AS ticket_number, p.key AS project_key,
    CASE table_name WHEN 'ticket_labels' THEN
      (SELECT l.name FROM labels l WHERE l.id = substr(row_id, instr(row_id, '/') + 1)) END AS label_name,
    CASE table_name WHEN 'conflicts' THEN
      (SELECT k.field FROM conflicts k WHERE k.id = row_id) END AS conflict_field
  FROM placed LEFT JOIN tickets t ON t.id = placed.ticket_id LEFT JOIN projects p ON p.id = t.project_id
  ORDER BY placed.${order.replace(', ', ', placed.')}`;
}

const record = z.record(z.string(), z.unknown()).catch({});
const recordOf = (value: unknown): Readonly<Record<string, unknown>> => record.parse(value);
