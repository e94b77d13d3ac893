import type pg from 'pg';
import { z } from 'zod';
import { FIELD_NAMES } from '../../shared/tickets/fields.ts';
import { type TicketRow, ticketRow } from './rows.ts';

/** All SQL about tickets. Columns of fields come from the one table of fields; nothing from outside is spliced in. */
const FIELD_COLUMNS = FIELD_NAMES.join(', ');
const FIELD_PAIRS = FIELD_NAMES.map((name) => `'${name}', t.${name}`).join(', ');
const SET_FIELDS = FIELD_NAMES.map((name) => `${name} = r.${name}`).join(', ');

const AS_ROW = `jsonb_build_object('id', t.id, 'project_id', t.project_id, 'number', t.number,
  'revision', t.revision, 'created_by', t.created_by, 'updated_at', t.updated_at, 'deleted_at', t.deleted_at,
  'values', jsonb_build_object(${FIELD_PAIRS})) AS row`;

/**
 * Locks tickets in the order of their ids, so that two uploads never wait for each other in a circle, and reads them
 * as they are once locked. Whoever holds a ticket's lock may change its comments, labels and conflicts as well.
 * NO KEY: descriptions and comments that merely refer to the ticket need not wait.
 */
export async function lockTickets(tx: pg.ClientBase, ids: readonly string[]): Promise<TicketRow[]> {
  const sql = `SELECT ${AS_ROW} FROM tickets t WHERE t.id = ANY($1::uuid[]) ORDER BY t.id FOR NO KEY UPDATE`;
  return readRows(await tx.query(sql, [ids]));
}

/** Stores new tickets, numbered already (see {@link lockNumbers}). */
export async function insertTickets(tx: pg.ClientBase, rows: readonly TicketRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO tickets (id, project_id, number, revision, created_by, created_at, updated_at, ${FIELD_COLUMNS})
     SELECT id, project_id, number, revision, created_by, updated_at, updated_at, ${FIELD_COLUMNS}
     FROM jsonb_populate_recordset(NULL::tickets, $1::jsonb)`,
    [toColumns(rows)],
  );
}

/** Writes changed tickets whole; the caller holds their locks, so nothing can be overwritten unseen. */
export async function updateTickets(tx: pg.ClientBase, rows: readonly TicketRow[]): Promise<void> {
  await tx.query(
    `UPDATE tickets t SET revision = r.revision, updated_at = r.updated_at, deleted_at = r.deleted_at, ${SET_FIELDS}
     FROM jsonb_populate_recordset(NULL::tickets, $1::jsonb) r WHERE t.id = r.id`,
    [toColumns(rows)],
  );
}

const lastNumber = z.object({ project_id: z.string(), last: z.number() });

/** The last number given in each project; its counter stays locked until the transaction ends. */
export async function lockNumbers(
  tx: pg.ClientBase,
  projectIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await tx.query(
    `INSERT INTO ticket_numbers AS n (project_id) SELECT p.id FROM projects p WHERE p.id = ANY($1::uuid[])
     ORDER BY p.id ON CONFLICT (project_id) DO UPDATE SET last = n.last RETURNING n.project_id, n.last`,
    [projectIds],
  );
  return new Map(
    z
      .array(lastNumber)
      .parse(rows)
      .map((row) => [row.project_id, row.last]),
  );
}

/** Records the numbers given out since {@link lockNumbers}. */
export async function storeNumbers(tx: pg.ClientBase, numbers: ReadonlyMap<string, number>): Promise<void> {
  const rows = [...numbers].map(([project_id, last]) => ({ project_id, last }));
  await tx.query(
    `UPDATE ticket_numbers n SET last = r.last
     FROM jsonb_populate_recordset(NULL::ticket_numbers, $1::jsonb) r WHERE n.project_id = r.project_id`,
    [JSON.stringify(rows)],
  );
}

function toColumns(rows: readonly TicketRow[]): string {
  return JSON.stringify(rows.map(({ values, ...own }) => ({ ...values, ...own })));
}

const readRows = (result: pg.QueryResult): TicketRow[] =>
  z
    .array(z.object({ row: ticketRow }))
    .parse(result.rows)
    .map(({ row }) => row);
