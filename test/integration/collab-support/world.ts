import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import * as Y from 'yjs';

export interface World {
  readonly projectId: string;
  readonly ticketId: string;
  newTicket(): Promise<string>;
}

/** A project with ann and bob (members), vic (viewer), and olga, who is in none. */
export async function createWorld(pool: pg.Pool): Promise<World> {
  const projectId = randomUUID();
  for (const [id, name] of [
    ['ann', 'Ann'],
    ['bob', 'Bob'],
    ['vic', 'Vic'],
    ['olga', 'Olga'],
  ]) {
    await pool.query('INSERT INTO profiles (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, name]);
  }
  await pool.query('INSERT INTO projects (id, key, name) VALUES ($1, $2, $2)', [projectId, 'DEMO']);
  for (const [user, role] of [
    ['ann', 'member'],
    ['bob', 'member'],
    ['vic', 'viewer'],
  ]) {
    await pool.query('INSERT INTO members (project_id, user_id, role) VALUES ($1, $2, $3)', [
      projectId,
      user,
      role,
    ]);
  }
  let number = 0;
  const newTicket = async () => {
    number += 1;
    const id = randomUUID();
    await pool.query(
      `INSERT INTO tickets (id, project_id, number, title, status, priority, created_by)
       VALUES ($1, $2, $3, 'A ticket', 'todo', 'none', 'ann')`,
      [id, projectId, number],
    );
    return id;
  };
  return { projectId, ticketId: await newTicket(), newTicket };
}

/** The document as Postgres has it, read without the service's own code: snapshot, and every log row. */
export async function storedDocument(pool: pg.Pool, ticketId: string): Promise<Y.Doc> {
  const doc = new Y.Doc();
  const snapshots = await pool.query('SELECT snapshot FROM descriptions WHERE id = $1', [ticketId]);
  const log = await pool.query('SELECT update FROM description_updates WHERE ticket_id = $1 ORDER BY seq', [
    ticketId,
  ]);
  doc.transact(() => {
    for (const row of snapshots.rows) Y.applyUpdate(doc, row.snapshot);
    for (const row of log.rows) Y.applyUpdate(doc, row.update);
  });
  return doc;
}

export const countLog = async (pool: pg.Pool, ticketId: string): Promise<number> => {
  const { rows } = await pool.query('SELECT count(*) FROM description_updates WHERE ticket_id = $1', [
    ticketId,
  ]);
  return Number(rows[0]?.count);
};
