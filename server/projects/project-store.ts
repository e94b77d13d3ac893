import type pg from 'pg';
import { z } from 'zod';
import { type Project, project } from '../../shared/protocol/projects.ts';

/** All SQL about projects themselves; who is in them is in member-store.ts. */

type Queryable = Pick<pg.ClientBase, 'query'>;

/** The projects a person is a member of, by key. */
export async function readProjectsOf(db: Queryable, userId: string): Promise<Project[]> {
  const { rows } = await db.query(
    `SELECT p.id, p.key, p.name, m.role FROM projects p JOIN members m ON m.project_id = p.id
     WHERE m.user_id = $1 ORDER BY p.key`,
    [userId],
  );
  return z.array(project).parse(rows);
}

/** The id of the project with this key, or null. */
export async function findProject(db: Queryable, key: string): Promise<string | null> {
  const { rows } = await db.query('SELECT id FROM projects WHERE key = $1', [key]);
  return z.object({ id: z.string() }).optional().parse(rows[0])?.id ?? null;
}

/** Says whether the project was made: false where another has the key. */
export async function insertProject(
  tx: Queryable,
  { id, key, name }: { id: string; key: string; name: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'INSERT INTO projects (id, key, name) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING',
    [id, key, name],
  );
  if (rowCount !== 1) return false;
  await tx.query('INSERT INTO ticket_numbers (project_id) VALUES ($1)', [id]);
  return true;
}

/** Locks the project until the transaction ends, and reads its name; null where there is none. */
export async function lockName(tx: Queryable, id: string): Promise<string | null> {
  const { rows } = await tx.query('SELECT name FROM projects WHERE id = $1 FOR NO KEY UPDATE', [id]);
  return z.object({ name: z.string() }).optional().parse(rows[0])?.name ?? null;
}

export async function updateName(tx: Queryable, id: string, name: string): Promise<void> {
  await tx.query('UPDATE projects SET name = $2 WHERE id = $1', [id, name]);
}
