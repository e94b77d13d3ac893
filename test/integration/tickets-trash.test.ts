import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type GivenPerson, givenPerson, givenProject, givenTicket } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { uploadApp } from '../support/uploads.ts';

let database: TestDatabase;
let app: FastifyInstance;
let projectId: string;
let ann: GivenPerson;
let ticketId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await uploadApp(database.pool);
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  projectId = (await givenProject(database.pool)).id;
  ann = await givenPerson(database.pool, { name: 'Ann', projectId });
  ticketId = (await givenTicket(database.pool, { projectId, createdBy: ann.id })).id;
});

const remove = (person: GivenPerson, revision?: string, id = ticketId) =>
  app.inject({
    method: 'DELETE',
    url: `/api/tickets/${id}`,
    headers: { 'x-person': person.id, ...(revision !== undefined && { 'if-match': revision }) },
  });

const restore = (person: GivenPerson) =>
  app.inject({ method: 'POST', url: `/api/tickets/${ticketId}/restore`, headers: { 'x-person': person.id } });

test('online-only: a ticket goes to the trash and comes back, each in the activity', async () => {
  const deleted = await remove(ann, '1');
  expect(deleted.statusCode).toBe(200);
  expect(deleted.json()).toMatchObject({
    ticket: { id: ticketId, revision: 2, deleted_at: expect.any(String) },
  });
  expect((await remove(ann, '2')).statusCode).toBe(409);
  const restored = await restore(ann);
  expect(restored.json()).toEqual({ ticket: { id: ticketId, revision: 3, deleted_at: null } });
  expect((await restore(ann)).statusCode).toBe(409);
  const { rows } = await database.pool.query(
    'SELECT subject, action, actor_id FROM activity WHERE ticket_id = $1 ORDER BY created_at',
    [ticketId],
  );
  expect(rows).toEqual([
    { subject: 'ticket', action: 'deleted', actor_id: ann.id },
    { subject: 'ticket', action: 'restored', actor_id: ann.id },
  ]);
});

test('online-only: nobody deletes a ticket in a state they have not seen', async () => {
  expect((await remove(ann)).statusCode).toBe(428);
  expect((await remove(ann, 'any')).statusCode).toBe(400);
  const stale = await remove(ann, '"7"');
  expect(stale.statusCode).toBe(412);
  expect(stale.json().error.message).toContain('changed since you looked');
  expect((await remove(ann, '"1"')).statusCode).toBe(200);
});

test('C18: viewers are refused; for outsiders the ticket does not exist', async () => {
  const viewer = await givenPerson(database.pool, { role: 'viewer', projectId });
  const outsider = await givenPerson(database.pool);
  expect((await remove(viewer, '1')).statusCode).toBe(403);
  expect((await restore(viewer)).statusCode).toBe(403);
  const unseen = await remove(outsider, '1');
  const unknown = await remove(ann, '1', randomUUID());
  expect([unseen.statusCode, unknown.statusCode]).toEqual([404, 404]);
  expect(unseen.body).toBe(unknown.body);
  expect((await remove({ id: '', name: '' }, '1')).statusCode).toBe(401);
});
