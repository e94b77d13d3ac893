import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { createPostgresUploadStore } from '../../server/upload/postgres-store.ts';
import { givenMember } from '../support/builders.ts';
import { uploadApp } from '../support/uploads.ts';
import { readTables } from './postgres-tables.ts';
import type { Backend } from './server.ts';
import type { BackendOptions } from './simulate.ts';

/** The server's tables in Postgres, behind its real store and the real routes of what works online only. */
export async function createPostgresBackends(pool: pg.Pool) {
  const app = await uploadApp(pool);
  return {
    backend: (options: BackendOptions) => createBackend(pool, app, options),
    close: () => app.close(),
  };
}

async function createBackend(
  pool: pg.Pool,
  app: FastifyInstance,
  { projectId }: BackendOptions,
): Promise<Backend> {
  await forgetEarlierRun(pool, projectId);
  await pool.query('INSERT INTO projects (id, key, name) VALUES ($1, $2, $2)', [projectId, keyOf(projectId)]);

  const ask = async (userId: string, method: 'POST' | 'PUT' | 'DELETE', url: string, more: object = {}) => {
    const headers = { 'x-person': userId };
    const response = await app.inject({ method, url, headers, ...more });
    if (response.statusCode >= 500) throw new Error(`${method} ${url} answered ${response.body}`);
    return response.statusCode < 300;
  };

  return {
    store: createPostgresUploadStore(pool),
    trash: (userId, ticketId, revision) =>
      ask(userId, 'DELETE', `/api/tickets/${ticketId}`, {
        headers: { 'x-person': userId, 'if-match': String(revision) },
      }),
    restore: (userId, ticketId) => ask(userId, 'POST', `/api/tickets/${ticketId}/restore`),
    async choosePolicy(userId, field, policy) {
      await ask(userId, 'PUT', `/api/projects/${projectId}/policies/${field}`, { payload: { policy } });
    },
    async setRole(userId, role) {
      if (role !== null) return givenMember(pool, projectId, userId, role);
      await pool.query('DELETE FROM members WHERE project_id = $1 AND user_id = $2', [projectId, userId]);
    },
    async addPerson(userId, role) {
      await pool.query('INSERT INTO profiles (id, name) VALUES ($1, $1)', [userId]);
      await givenMember(pool, projectId, userId, role);
    },
    tables: () => readTables(pool, projectId),
  };
}

/** The same seed makes the same project, also when it is run again to be made shorter. */
async function forgetEarlierRun(pool: pg.Pool, projectId: string): Promise<void> {
  await pool.query('DELETE FROM projects WHERE id = $1', [projectId]);
  await pool.query('DELETE FROM ledger WHERE right(user_id, 36) = $1', [projectId]);
  await pool.query('DELETE FROM profiles WHERE right(id, 36) = $1', [projectId]);
}

const keyOf = (projectId: string): string => `P${projectId.replaceAll('-', '').slice(0, 9).toUpperCase()}`;
