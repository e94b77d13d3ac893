import type pg from 'pg';
import { z } from 'zod';
import { ROLES, type Role } from '../../shared/permissions/can.ts';
import { type Member, member } from '../../shared/protocol/projects.ts';

/** All SQL that changes who is in a project. */

type Queryable = Pick<pg.ClientBase, 'query'>;

export async function readMembers(db: Queryable, projectId: string): Promise<Member[]> {
  const { rows } = await db.query(
    `SELECT m.id, m.user_id, p.name, u.email, m.role
     FROM members m JOIN profiles p ON p.id = m.user_id LEFT JOIN "user" u ON u.id = m.user_id
     WHERE m.project_id = $1 ORDER BY p.name, m.user_id`,
    [projectId],
  );
  return z.array(member).parse(rows);
}

const roleRow = z.object({ user_id: z.string(), role: z.enum(ROLES) });

/**
 * Locks the project's membership until the transaction ends, and reads it: two admins who leave at the same time
 * must not both find the other one still there.
 */
export async function lockRoles(tx: Queryable, projectId: string): Promise<Map<string, Role>> {
  await tx.query('SELECT 1 FROM projects WHERE id = $1 FOR NO KEY UPDATE', [projectId]);
  const { rows } = await tx.query('SELECT user_id, role FROM members WHERE project_id = $1', [projectId]);
  return new Map(
    z
      .array(roleRow)
      .parse(rows)
      .map((row) => [row.user_id, row.role]),
  );
}

/** The account with this e-mail address, or null. */
export async function findAccount(db: Queryable, email: string): Promise<string | null> {
  const { rows } = await db.query('SELECT id FROM "user" WHERE lower(email) = lower($1)', [email]);
  return z.object({ id: z.string() }).optional().parse(rows[0])?.id ?? null;
}

/** Says whether the person was added: false for a member. From now on the project's members know the name. */
export async function insertMember(
  tx: Queryable,
  { projectId, userId, role }: { projectId: string; userId: string; role: Role },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'INSERT INTO members (project_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [projectId, userId, role],
  );
  await tx.query(
    `UPDATE profiles SET project_ids = project_ids || to_jsonb($1::text)
     WHERE id = $2 AND NOT project_ids @> to_jsonb($1::text)`,
    [projectId, userId],
  );
  return rowCount === 1;
}

export async function updateRole(
  tx: Queryable,
  projectId: string,
  userId: string,
  role: Role,
): Promise<void> {
  await tx.query('UPDATE members SET role = $3 WHERE project_id = $1 AND user_id = $2', [
    projectId,
    userId,
    role,
  ]);
}

export async function deleteMember(tx: Queryable, projectId: string, userId: string): Promise<void> {
  await tx.query('DELETE FROM members WHERE project_id = $1 AND user_id = $2', [projectId, userId]);
}
