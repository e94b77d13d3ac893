import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { type GivenPerson, givenPerson, givenProject, givenTicket } from '../support/builders.ts';
import { runUploads } from '../support/run-uploads.ts';

const server = runUploads();
let projectId: string;
let ann: GivenPerson;
let ticketId: string;

beforeEach(async () => {
  projectId = (await givenProject(server.pool)).id;
  ann = await givenPerson(server.pool, { name: 'Ann', projectId });
  ticketId = (await givenTicket(server.pool, { projectId, createdBy: ann.id })).id;
});

const remove = (person: GivenPerson, revision?: string, id = ticketId) =>
  server.app.inject({
    method: 'DELETE',
    url: `/api/tickets/${id}`,
    headers: { 'x-person': person.id, ...(revision !== undefined && { 'if-match': revision }) },
  });

const restore = (person: GivenPerson) =>
  server.app.inject({
    method: 'POST',
    url: `/api/tickets/${ticketId}/restore`,
    headers: { 'x-person': person.id },
  });

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
  const { rows } = await server.pool.query(
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
  const viewer = await givenPerson(server.pool, { role: 'viewer', projectId });
  const outsider = await givenPerson(server.pool);
  expect((await remove(viewer, '1')).statusCode).toBe(403);
  expect((await restore(viewer)).statusCode).toBe(403);
  const unseen = await remove(outsider, '1');
  const unknown = await remove(ann, '1', randomUUID());
  expect([unseen.statusCode, unknown.statusCode]).toEqual([404, 404]);
  expect(unseen.body).toBe(unknown.body);
  expect((await remove({ id: '', name: '' }, '1')).statusCode).toBe(401);
});
