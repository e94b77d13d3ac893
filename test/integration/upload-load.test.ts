import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type GivenPerson, givenPerson, givenProject, givenTicket } from '../support/builders.ts';
import { runUploads } from '../support/run-uploads.ts';
import { givenDevice, patch, type TestOp } from '../support/uploads.ts';

/** What two idle cores do in well under a second; the bound leaves room for a busy machine. */
const BOUND_MS = 3_000;

const server = runUploads();
let projectId: string;
let ann: GivenPerson;

beforeAll(async () => {
  projectId = (await givenProject(server.pool)).id;
  ann = await givenPerson(server.pool, { name: 'Ann', projectId });
});

test('C14: 1,000 queued ops in as many transactions are answered in one request', async () => {
  const device = givenDevice(server.app, ann, randomUUID());
  const created = Array.from({ length: 250 }, (): TestOp => {
    return { op: 'PUT', type: 'tickets', id: randomUUID(), data: { project_id: projectId, title: 'New' } };
  });
  const edits = created.flatMap(({ id }) => [
    patch(id, { status: 'in_progress' }, { status: 'todo' }),
    patch(id, { assignee_id: ann.id, title: 'Newer' }, { assignee_id: null, title: 'New' }),
    { op: 'PUT', type: 'comments', id: randomUUID(), data: { ticket_id: id, body: 'Hello' } },
  ]);
  const started = performance.now();
  const outcomes = await device.send(...created, ...edits);
  const took = performance.now() - started;
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 1_000 }, () => 'applied'));
  expect(took).toBeLessThan(BOUND_MS);
  expect(await device.repeat()).toEqual(outcomes);
});

test('C16: uploads that lock the same tickets in every order all get through', async () => {
  const tickets = await Promise.all(
    Array.from({ length: 12 }, () => givenTicket(server.pool, { projectId, createdBy: ann.id })),
  );
  const uploads = Array.from({ length: 8 }, (_, turn) => {
    const device = givenDevice(server.app, ann, randomUUID());
    const turned = [...tickets.slice(turn), ...tickets.slice(0, turn)];
    return device.send(...turned.map(({ id }) => patch(id, { estimate: turn + 1 }, { estimate: null })));
  });
  const outcomes = (await Promise.all(uploads)).flat();
  expect(outcomes.every(({ outcome }) => outcome === 'applied')).toBe(true);
  const { rows } = await server.pool.query(
    'SELECT sum(revision)::int AS sum FROM tickets WHERE id = ANY($1::uuid[])',
    [tickets.map(({ id }) => id)],
  );
  expect(rows).toEqual([{ sum: 12 * 9 }]);
});
