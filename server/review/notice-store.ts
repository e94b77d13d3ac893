import type pg from 'pg';
import { z } from 'zod';
import { type NewNotice, type NoticeRow, noticeRow } from './rows.ts';

/** All SQL about notices. */

/** Notices by id, whoever they are for; their reader may mark them from two devices at once, hence the lock. */
export async function lockNotices(tx: pg.ClientBase, ids: readonly string[]): Promise<NoticeRow[]> {
  const { rows } = await tx.query(
    'SELECT to_jsonb(n) AS row FROM notices n WHERE n.id = ANY($1::uuid[]) ORDER BY n.id FOR UPDATE',
    [ids],
  );
  return z
    .array(z.object({ row: noticeRow }))
    .parse(rows)
    .map(({ row }) => row);
}

export async function insertNotices(tx: pg.ClientBase, rows: readonly NewNotice[]): Promise<void> {
  await tx.query(
    `INSERT INTO notices (user_id, project_id, ticket_id, kind, detail)
     SELECT user_id, project_id, ticket_id, kind, detail
     FROM jsonb_populate_recordset(NULL::notices, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

export async function markNotices(tx: pg.ClientBase, rows: readonly NoticeRow[]): Promise<void> {
  await tx.query(
    `UPDATE notices n SET read_at = r.read_at
     FROM jsonb_populate_recordset(NULL::notices, $1::jsonb) r WHERE n.id = r.id`,
    [JSON.stringify(rows)],
  );
}
