import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createProjects } from '../../server/projects/projects.ts';
import { projectRoutes } from '../../server/projects/routes.ts';
import { type GivenPerson, givenPerson, givenProject, givenTicket } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { actorsByHeader, givenDevice, type TestOp, uploadApp } from '../support/uploads.ts';

let database: TestDatabase;
let app: FastifyInstance;
let projectId: string;
let admin: GivenPerson;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await uploadApp(database.pool, [
    projectRoutes({
      projects: createProjects({ pool: database.pool, newId: randomUUID }),
      actors: actorsByHeader(database.pool),
    }),
  ]);
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  projectId = (await givenProject(database.pool, { name: 'Harbour' })).id;
  admin = await givenPerson(database.pool, { name: 'Ann', role: 'admin', projectId });
});

test('online-only: what is locked offline is refused from the queue too, even from an admin', async () => {
  const ticketId = (await givenTicket(database.pool, { projectId, createdBy: admin.id })).id;
  const before = await everything();
  const ops: TestOp[] = [
    { op: 'DELETE', type: 'tickets', id: ticketId },
    { op: 'PATCH', type: 'tickets', id: ticketId, data: { deleted_at: '2026-01-01T00:00:00Z' } },
    { op: 'PATCH', type: 'projects', id: projectId, data: { name: 'Mine' } },
    { op: 'DELETE', type: 'projects', id: projectId },
    { op: 'PUT', type: 'members', id: randomUUID(), data: { project_id: projectId, user_id: admin.id } },
    { op: 'PUT', type: 'field_policies', id: `${projectId}/title`, data: { policy: 'review' } },
  ];
  const outcomes = await givenDevice(app, admin, randomUUID()).send(...ops);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(ops.map(() => 'rejected'));
  for (const { reason } of outcomes) expect(reason).toContain('online');
  expect(await everything()).toEqual(before);
});

test('only an admin renames a project; nobody else learns whether it exists', async () => {
  const member = await givenPerson(database.pool, { projectId });
  const outsider = await givenPerson(database.pool);
  const rename = (person: GivenPerson, name: string) =>
    app.inject({
      method: 'PATCH',
      url: `/api/projects/${projectId}`,
      headers: { 'x-person': person.id },
      payload: { name },
    });
  expect((await rename(member, 'Mine')).statusCode).toBe(403);
  expect((await rename(outsider, 'Mine')).statusCode).toBe(403);
  const empty = await rename(admin, '  ');
  expect(empty.statusCode).toBe(400);
  expect(empty.json().error.message).toBe('A name is needed.');
  expect((await rename(admin, ' Port ')).json()).toEqual({ id: projectId, name: 'Port' });
});

async function everything() {
  const tables = ['projects', 'members', 'field_policies', 'tickets'];
  return Promise.all(
    tables.map(async (table) => {
      const column = table === 'projects' ? 'id' : 'project_id';
      const { rows } = await database.pool.query(`SELECT * FROM ${table} WHERE ${column} = $1`, [projectId]);
      return { table, rows };
    }),
  );
}
