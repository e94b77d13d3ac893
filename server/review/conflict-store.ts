import type pg from 'pg';
import { z } from 'zod';
import { type ConflictRow, conflictRow } from './rows.ts';

/** All SQL about conflicts. Writers hold the lock of the conflict's ticket. */

const COLUMNS = `id, project_id, ticket_id, kind, field, base, current, proposed, author_id, device_id,
  current_author_id, state, resolution, resolved_seeing, resolved_by, resolved_at, made_at, offline_since`;

/** The tickets behind these conflicts, to be locked before the conflicts are read. */
export async function ticketsOfConflicts(tx: pg.ClientBase, ids: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query('SELECT DISTINCT ticket_id FROM conflicts WHERE id = ANY($1::uuid[])', [
    ids,
  ]);
  return z
    .array(z.object({ ticket_id: z.string() }))
    .parse(rows)
    .map((row) => row.ticket_id);
}

/** The conflicts with these ids, and every open one of these tickets. */
export async function readConflicts(
  tx: pg.ClientBase,
  ids: readonly string[],
  ticketIds: readonly string[],
): Promise<ConflictRow[]> {
  const { rows } = await tx.query(
    `SELECT to_jsonb(c) AS row FROM conflicts c
     WHERE c.id = ANY($1::uuid[]) OR (c.ticket_id = ANY($2::uuid[]) AND c.state = 'open') ORDER BY c.opened_at, c.id`,
    [ids, ticketIds],
  );
  return z
    .array(z.object({ row: conflictRow }))
    .parse(rows)
    .map(({ row }) => row);
}

export async function insertConflicts(tx: pg.ClientBase, rows: readonly ConflictRow[]): Promise<void> {
  await tx.query(`INSERT INTO conflicts (${COLUMNS}) SELECT ${COLUMNS} FROM (${RECORDS}) r`, [json(rows)]);
}

export async function updateConflicts(tx: pg.ClientBase, rows: readonly ConflictRow[]): Promise<void> {
  await tx.query(
    `UPDATE conflicts c SET kind = r.kind, current = r.current, proposed = r.proposed,
       current_author_id = r.current_author_id, state = r.state, resolution = r.resolution,
       resolved_seeing = r.resolved_seeing, resolved_by = r.resolved_by, resolved_at = r.resolved_at,
       made_at = r.made_at, offline_since = r.offline_since
     FROM (${RECORDS}) r WHERE c.id = r.id`,
    [json(rows)],
  );
}

/**
 * "No value" is a value a person can propose: it is stored as JSON null, where SQL NULL means "nothing was said".
 * Reading a record's JSON null into a jsonb column would give SQL NULL, hence the detour over the element itself.
 */
const RECORDS = `
  SELECT p.id, p.project_id, p.ticket_id, p.kind, p.field, e -> 'base' AS base, e -> 'current' AS current,
    e -> 'proposed' AS proposed, p.author_id, p.device_id, p.current_author_id, p.state,
    CASE WHEN p.resolved_by IS NOT NULL THEN e -> 'resolution' END AS resolution,
    CASE WHEN p.resolved_by IS NOT NULL THEN e -> 'resolved_seeing' END AS resolved_seeing,
    p.resolved_by, p.resolved_at, p.made_at, p.offline_since
  FROM jsonb_array_elements($1::jsonb) e, jsonb_populate_record(NULL::conflicts, e) p`;

const json = (rows: readonly ConflictRow[]): string => JSON.stringify(rows);
