import type pg from 'pg';
import { z } from 'zod';
import { type LabelRow, labelRow, type TicketLabelRow, ticketLabelRow } from './rows.ts';

/** All SQL about labels and which ticket wears which. */

/** The labels with these ids, and every label of these projects. */
export async function readLabels(
  tx: pg.ClientBase,
  ids: readonly string[],
  projectIds: readonly string[],
): Promise<LabelRow[]> {
  const { rows } = await tx.query(
    `SELECT to_jsonb(l) AS row FROM labels l
     WHERE l.id = ANY($1::uuid[]) OR l.project_id = ANY($2::uuid[])`,
    [ids, projectIds],
  );
  return z
    .array(z.object({ row: labelRow }))
    .parse(rows)
    .map(({ row }) => row);
}

export async function insertLabels(tx: pg.ClientBase, rows: readonly LabelRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO labels (id, project_id, name, color)
     SELECT id, project_id, name, color FROM jsonb_populate_recordset(NULL::labels, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

export async function readTicketLabels(
  tx: pg.ClientBase,
  ticketIds: readonly string[],
): Promise<TicketLabelRow[]> {
  const { rows } = await tx.query(
    'SELECT to_jsonb(tl) AS row FROM ticket_labels tl WHERE tl.ticket_id = ANY($1::uuid[])',
    [ticketIds],
  );
  return z
    .array(z.object({ row: ticketLabelRow }))
    .parse(rows)
    .map(({ row }) => row);
}

export async function insertTicketLabels(tx: pg.ClientBase, rows: readonly TicketLabelRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO ticket_labels (id, project_id, ticket_id, label_id)
     SELECT id, project_id, ticket_id, label_id FROM jsonb_populate_recordset(NULL::ticket_labels, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

export async function deleteTicketLabels(tx: pg.ClientBase, ids: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM ticket_labels WHERE id = ANY($1::text[])', [ids]);
}
