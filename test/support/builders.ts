import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Role } from '../../shared/permissions/can.ts';

export interface GivenProject {
  readonly id: string;
  readonly key: string;
}

export interface GivenPerson {
  readonly id: string;
  readonly name: string;
}

export interface GivenTicket {
  readonly id: string;
  readonly number: number;
  readonly projectId: string;
}

/** A project without people. */
export async function givenProject(
  pool: pg.Pool,
  given: { key?: string; name?: string } = {},
): Promise<GivenProject> {
  const id = randomUUID();
  const key = given.key ?? `P${id.replaceAll('-', '').slice(0, 8).toUpperCase()}`;
  await pool.query('INSERT INTO projects (id, key, name) VALUES ($1, $2, $3)', [id, key, given.name ?? key]);
  return { id, key };
}

/** A person known by name; a member of the project when one is given. */
export async function givenPerson(
  pool: pg.Pool,
  given: { name?: string; role?: Role; projectId?: string } = {},
): Promise<GivenPerson> {
  const id = randomUUID();
  const name = given.name ?? `Person ${id.slice(0, 4)}`;
  const projects = given.projectId ? [given.projectId] : [];
  await pool.query('INSERT INTO profiles (id, name, project_ids) VALUES ($1, $2, $3)', [
    id,
    name,
    JSON.stringify(projects),
  ]);
  if (given.projectId) await givenMember(pool, given.projectId, id, given.role ?? 'member');
  return { id, name };
}

export async function givenMember(
  pool: pg.Pool,
  projectId: string,
  userId: string,
  role: Role,
): Promise<void> {
  await pool.query(
    `INSERT INTO members (project_id, user_id, role) VALUES ($1, $2, $3)
     ON CONFLICT (project_id, user_id) DO UPDATE SET role = EXCLUDED.role`,
    [projectId, userId, role],
  );
}

export interface TicketColumns {
  readonly title?: string;
  readonly status?: string;
  readonly priority?: string;
  readonly assignee_id?: string | null;
  readonly due_on?: string | null;
  readonly estimate?: number | null;
}

/** A ticket, numbered as the server would. */
export async function givenTicket(
  pool: pg.Pool,
  given: { projectId: string; createdBy: string; columns?: TicketColumns; inTrash?: boolean },
): Promise<GivenTicket> {
  const id = randomUUID();
  const { title, status, priority, assignee_id, due_on, estimate } = { ...NEW_TICKET, ...given.columns };
  const { rows } = await pool.query(
    `WITH counter AS (
       INSERT INTO ticket_numbers AS n (project_id, last) VALUES ($2, 1)
       ON CONFLICT (project_id) DO UPDATE SET last = n.last + 1 RETURNING last)
     INSERT INTO tickets (id, project_id, number, title, status, priority, assignee_id, due_on, estimate, created_by,
       deleted_at)
     SELECT $1, $2, last, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $10 THEN now() END FROM counter RETURNING number`,
    [
      id,
      given.projectId,
      title,
      status,
      priority,
      assignee_id,
      due_on,
      estimate,
      given.createdBy,
      given.inTrash ?? false,
    ],
  );
  return { id, number: Number(rows[0]?.number), projectId: given.projectId };
}

const NEW_TICKET = {
  title: 'A ticket',
  status: 'todo',
  priority: 'none',
  assignee_id: null,
  due_on: null,
  estimate: null,
} as const;
