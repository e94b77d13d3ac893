import type pg from 'pg';
import { z } from 'zod';
import { type CommentRow, commentRow } from './rows.ts';

/** All SQL about comments. Writers hold the lock of the comment's ticket. */

export async function readComments(tx: pg.ClientBase, ids: readonly string[]): Promise<CommentRow[]> {
  const { rows } = await tx.query('SELECT to_jsonb(c) AS row FROM comments c WHERE c.id = ANY($1::uuid[])', [
    ids,
  ]);
  return z
    .array(z.object({ row: commentRow }))
    .parse(rows)
    .map(({ row }) => row);
}

export async function insertComments(tx: pg.ClientBase, rows: readonly CommentRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO comments (id, project_id, ticket_id, author_id, body, created_at, updated_at)
     SELECT id, project_id, ticket_id, author_id, body, updated_at, updated_at
     FROM jsonb_populate_recordset(NULL::comments, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

export async function updateComments(tx: pg.ClientBase, rows: readonly CommentRow[]): Promise<void> {
  await tx.query(
    `UPDATE comments c SET body = r.body, updated_at = r.updated_at
     FROM jsonb_populate_recordset(NULL::comments, $1::jsonb) r WHERE c.id = r.id`,
    [JSON.stringify(rows)],
  );
}

export async function deleteComments(tx: pg.ClientBase, ids: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM comments WHERE id = ANY($1::uuid[])', [ids]);
}
