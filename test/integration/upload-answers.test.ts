import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { MAX_UPLOAD_BYTES } from '../../shared/protocol/upload.ts';
import { ticketLabelId } from '../../shared/tickets/ticket.ts';
import {
  type GivenPerson,
  givenMember,
  givenPerson,
  givenProject,
  givenTicket,
} from '../support/builders.ts';
import { runUploads } from '../support/run-uploads.ts';
import { givenDevice, patch, type TestDevice, type TestOp } from '../support/uploads.ts';

const server = runUploads();
let projectId: string;
let ann: GivenPerson;
let ticketId: string;
let device: TestDevice;

beforeEach(async () => {
  projectId = (await givenProject(server.pool)).id;
  ann = await givenPerson(server.pool, { name: 'Ann', projectId });
  ticketId = (await givenTicket(server.pool, { projectId, createdBy: ann.id, columns: { title: 'Old' } })).id;
  device = givenDevice(server.app, ann, randomUUID());
});

const create = (data: Record<string, unknown>, id: string = randomUUID()): TestOp => ({
  op: 'PUT',
  type: 'tickets',
  id,
  data,
});

const put = (type: string, data: Record<string, unknown>, id: string = randomUUID()): TestOp => ({
  op: 'PUT',
  type,
  id,
  data,
});

async function select(sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
  return (await server.pool.query(sql, values)).rows;
}

const ticketRow = async (id: string) => (await select('SELECT * FROM tickets WHERE id = $1', id))[0];

const post = (payload: string, headers: Record<string, string> = {}) =>
  server.app.inject({
    method: 'POST',
    url: '/api/upload',
    headers: { 'content-type': 'application/json', 'x-person': ann.id, ...headers },
    payload,
  });

test('C18: edits of one account are never sent as those of another that has signed in since', async () => {
  const bob = await givenPerson(server.pool, { projectId });
  const edit = { op_id: 1, ...patch(ticketId, { title: 'New' }, { title: 'Old' }) };
  const body = JSON.stringify({ device_id: 'd', user_id: ann.id, transactions: [{ ops: [edit] }] });
  const refused = await post(body, { 'x-person': bob.id });
  expect(refused.statusCode).toBe(409);
  expect(refused.json()).toMatchObject({
    error: { code: 'other_account', message: expect.stringMatching('Nothing was applied') },
  });
  expect(await ticketRow(ticketId)).toMatchObject({ title: 'Old' });
  expect((await post(body)).json()).toEqual({ outcomes: [{ op_id: 1, outcome: 'applied', reason: null }] });
});

describe('C14: the ledger', () => {
  test('C14: the same ops again get the recorded answers and change nothing', async () => {
    const first = await device.send(patch(ticketId, { title: 'New' }, { title: 'Old' }), create({}));
    expect(first.map(({ outcome }) => outcome)).toEqual(['applied', 'rejected']);
    expect(await device.repeat()).toEqual(first);
    expect(await ticketRow(ticketId)).toMatchObject({ title: 'New', revision: 2 });
    expect(await select('SELECT id FROM activity WHERE ticket_id = $1', ticketId)).toHaveLength(1);
  });

  test('C14: two identical uploads at once take effect once, and both are answered', async () => {
    await device.send(patch(ticketId, { title: 'One' }, { title: 'Old' }));
    const body = {
      device_id: device.id,
      transactions: [{ ops: [{ op_id: 90, ...put('comments', { ticket_id: ticketId, body: 'Hello' }) }] }],
    };
    const replies = await Promise.all([1, 2, 3].map(() => post(JSON.stringify(body))));
    expect(new Set(replies.map((reply) => reply.body)).size).toBe(1);
    expect(replies[0]?.json()).toEqual({ outcomes: [{ op_id: 90, outcome: 'applied', reason: null }] });
    expect(await select('SELECT body FROM comments WHERE ticket_id = $1', ticketId)).toEqual([
      { body: 'Hello' },
    ]);
  });

  test('C14: equal content under other op ids is another op: A→B→A→B is three edits', async () => {
    for (const [from, to] of [
      ['Old', 'New'],
      ['New', 'Old'],
      ['Old', 'New'],
    ]) {
      await device.send(patch(ticketId, { title: to }, { title: from }));
    }
    expect(await ticketRow(ticketId)).toMatchObject({ title: 'New', revision: 4 });
  });

  test('C14: nobody answers for another person’s device', async () => {
    const bob = await givenPerson(server.pool, { projectId });
    await device.send(patch(ticketId, { title: 'New' }, { title: 'Old' }));
    const [outcome] = await givenDevice(server.app, bob, device.id).send(
      patch(ticketId, { title: 'Newer' }, { title: 'New' }),
    );
    expect(outcome?.outcome).toBe('applied');
    expect(await ticketRow(ticketId)).toMatchObject({ title: 'Newer' });
  });

  test('C14: an op id that comes twice in one upload is one op', async () => {
    const op = { op_id: 7, ...patch(ticketId, { title: 'New' }, { title: 'Old' }) };
    const reply = await post(
      JSON.stringify({ device_id: 'd', transactions: [{ ops: [op] }, { ops: [op] }] }),
    );
    expect(reply.json().outcomes).toHaveLength(2);
    expect(await ticketRow(ticketId)).toMatchObject({ revision: 2 });
  });
});

describe('C15: refusals', () => {
  test('C15: each refused op is answered with a reason, and those behind it go through', async () => {
    const viewer = await givenPerson(server.pool, { role: 'viewer', projectId });
    const outsider = await givenPerson(server.pool);
    const unknown = randomUUID();
    const outcomes = await device.send(
      put('passwords', { a: 1 }),
      patch(unknown, { title: 'X' }, { title: 'Y' }),
      patch(ticketId, { title: '  ' }, { title: 'Old' }),
      patch(ticketId, { status: 'sideways' }, { status: 'todo' }),
      patch(ticketId, { assignee_id: outsider.id }, { assignee_id: null }),
      patch(ticketId, { colour: 'red' }, { colour: 'blue' }),
      { op: 'EXPLODE', type: 'tickets', id: ticketId },
      { ...patch(ticketId, {}), data: JSON.parse('"not a row"') },
      patch(ticketId, { title: 'a\0b' }, { title: 'Old' }),
      { op: 'DELETE', type: 'tickets', id: ticketId },
      patch(ticketId, { deleted_at: '2026-01-01T00:00:00Z' }, { deleted_at: null }),
      put('members', { project_id: projectId, user_id: outsider.id, role: 'admin' }),
      { op: 'PATCH', type: 'field_policies', id: `${projectId}/title`, data: { policy: 'review' } },
      patch(ticketId, { estimate: 3 }, { estimate: null }),
    );
    const last = outcomes.pop();
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ outcome: 'rejected', reason: expect.stringMatching(/\w{3,}.*\.$/) });
    }
    expect(last?.outcome).toBe('applied');
    expect(await ticketRow(ticketId)).toMatchObject({ title: 'Old', estimate: 3 });
    for (const person of [viewer, outsider]) {
      const [refused] = await givenDevice(server.app, person, randomUUID()).send(
        patch(ticketId, { title: 'Mine' }, { title: 'Old' }),
      );
      expect(refused).toMatchObject({ outcome: 'rejected' });
    }
    expect(await ticketRow(ticketId)).toMatchObject({ title: 'Old' });
  });

  test('C15: a value refused once does not slip in as the unchanged column of a later op', async () => {
    const outcomes = await device.send(
      patch(ticketId, { assignee_id: 'stranger' }, { assignee_id: null }),
      patch(ticketId, { assignee_id: 'stranger', estimate: 4 }, { assignee_id: 'stranger', estimate: null }),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rejected', 'applied']);
    expect(await ticketRow(ticketId)).toMatchObject({ assignee_id: null, estimate: 4 });
  });

  test('C15: a value that nests without end is refused like any other damage', async () => {
    const depth = 200_000;
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const op = `{"op_id":1,"op":"PATCH","type":"tickets","id":"${ticketId}","data":{"title":${nested}}}`;
    const reply = await post(`{"device_id":"${device.id}","transactions":[{"ops":[${op}]}]}`);
    expect(reply.json()).toMatchObject({ outcomes: [{ op_id: 1, outcome: 'rejected' }] });
  });

  test('C15: a ticket nobody may see is refused in the same words as one that never was', async () => {
    const outsider = givenDevice(server.app, await givenPerson(server.pool), randomUUID());
    const outcomes = await outsider.send(
      patch(ticketId, { title: 'X' }, { title: 'Y' }),
      patch(randomUUID(), { title: 'X' }, { title: 'Y' }),
      create({ project_id: projectId, title: 'Stolen' }, ticketId),
      put('comments', { ticket_id: ticketId, body: 'X' }),
      put('comments', { ticket_id: randomUUID(), body: 'X' }),
    );
    expect(new Set(outcomes.map(({ reason }) => reason)).size).toBe(1);
    const [seen, unseen] = await outsider.send(
      create({ project_id: projectId, title: 'X' }),
      create({ project_id: randomUUID(), title: 'X' }),
    );
    expect(seen?.reason).toBe(unseen?.reason);
    expect(await ticketRow(ticketId)).toMatchObject({ title: 'Old', project_id: projectId });
  });

  test('C15: a body that is not JSON, too large, not an upload, or of nobody: an error in JSON', async () => {
    const replies = await Promise.all([
      post('not json'),
      post('{"device_id": 1}'),
      post(JSON.stringify({ device_id: 'd', transactions: [], padding: 'x'.repeat(MAX_UPLOAD_BYTES) })),
      post('{}', { 'x-person': '' }),
    ]);
    expect(replies.map((reply) => reply.statusCode)).toEqual([400, 400, 413, 401]);
    for (const reply of replies)
      expect(reply.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  test('C15: what only the database refuses is found and refused, and the rest is stored', async () => {
    await server.pool.query(`ALTER TABLE comments ADD CONSTRAINT no_word CHECK (body <> 'unstorable')`);
    try {
      const comment = (body: string) => put('comments', { ticket_id: ticketId, body });
      const outcomes = await device.send(
        comment('a'),
        comment('unstorable'),
        comment('b'),
        comment('unstorable'),
      );
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'rejected', 'applied', 'rejected']);
      const stored = await select('SELECT body FROM comments WHERE ticket_id = $1 ORDER BY body', ticketId);
      expect(stored).toEqual([{ body: 'a' }, { body: 'b' }]);
    } finally {
      await server.pool.query('ALTER TABLE comments DROP CONSTRAINT no_word');
    }
  });
});

describe('C16: client transactions', () => {
  test('C16: ops of one transaction are refused together, those of others are not', async () => {
    const outcomes = await device.sendTransactions(
      [
        patch(ticketId, { estimate: 1 }, { estimate: null }),
        patch(ticketId, { title: '' }, { title: 'Old' }),
      ],
      [patch(ticketId, { priority: 'high' }, { priority: 'none' })],
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected', 'applied']);
    expect(outcomes[0]?.reason).toContain('a title is needed');
    expect(await ticketRow(ticketId)).toMatchObject({ estimate: null, priority: 'high', title: 'Old' });
  });

  test('C16: a refused transaction takes its new ticket, number and activity with it', async () => {
    const id = randomUUID();
    const outcomes = await device.sendTransactions(
      [create({ project_id: projectId, title: 'Gone' }, id), put('comments', { ticket_id: id, body: '' })],
      [create({ project_id: projectId, title: 'Stays' })],
      [patch(id, { title: 'Orphan' }, { title: 'Gone' })],
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected', 'applied', 'rejected']);
    const rows = await select(
      'SELECT title, number FROM tickets WHERE project_id = $1 ORDER BY number',
      projectId,
    );
    expect(rows).toEqual([
      { title: 'Old', number: 1 },
      { title: 'Stays', number: 2 },
    ]);
    expect(await select('SELECT id FROM activity WHERE subject_id = $1', id)).toEqual([]);
  });

  test('C16: a conflict on one field does not reject the others', async () => {
    const bob = givenDevice(server.app, await givenPerson(server.pool, { projectId }), randomUUID());
    await bob.send(patch(ticketId, { due_on: '2026-02-02' }, { due_on: null }));
    const [outcome] = await device.send(
      patch(ticketId, { due_on: '2026-03-03', title: 'New' }, { due_on: null, title: 'Old' }),
    );
    expect(outcome?.outcome).toBe('review');
    expect(await ticketRow(ticketId)).toMatchObject({ due_on: '2026-02-02', title: 'New' });
  });
});

describe('C17, C18: what the server owns', () => {
  test('C17: times, numbers and authorship claimed by a client are ignored', async () => {
    const mallory = await givenPerson(server.pool, { projectId });
    const id = randomUUID();
    const claims = { number: 99, revision: 99, created_by: mallory.id, created_at: '1999-01-01T00:00:00Z' };
    const commentId = randomUUID();
    const outcomes = await device.send(
      create({ project_id: projectId, title: 'New', ...claims }, id),
      put(
        'comments',
        { ticket_id: id, body: 'Hi', author_id: mallory.id, created_at: '1999-01-01T00:00:00Z' },
        commentId,
      ),
      patch(ticketId, { ...claims, title: 'Newer' }, { title: 'Old' }),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied']);
    expect(await ticketRow(id)).toMatchObject({ number: 2, revision: 1, created_by: ann.id, status: 'todo' });
    expect(await ticketRow(ticketId)).toMatchObject({ number: 1, revision: 2, title: 'Newer' });
    const [comment] = await select('SELECT author_id, created_at FROM comments WHERE id = $1', commentId);
    expect(comment?.author_id).toBe(ann.id);
    expect(comment?.created_at).not.toEqual(new Date('1999-01-01T00:00:00Z'));
  });

  test('C17: tickets made on many devices at once get numbers without gap or double', async () => {
    const devices = Array.from({ length: 5 }, () => givenDevice(server.app, ann, randomUUID()));
    const make = () => create({ project_id: projectId, title: 'New' });
    await Promise.all(devices.map((each) => each.send(make(), make())));
    const rows = await select('SELECT number FROM tickets WHERE project_id = $1 ORDER BY number', projectId);
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('C18: the role held at upload decides, not the one held when the edit was made', async () => {
    await givenMember(server.pool, projectId, ann.id, 'viewer');
    const [refused] = await device.send(patch(ticketId, { title: 'New' }, { title: 'Old' }));
    expect(refused).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('viewer') });
    await givenMember(server.pool, projectId, ann.id, 'member');
    const [applied] = await device.send(patch(ticketId, { title: 'New' }, { title: 'Old' }));
    expect(applied?.outcome).toBe('applied');
  });

  test('C14: a ticket that is put again changes nothing where it is equal, and is an edit where it is not', async () => {
    const id = randomUUID();
    const data = { project_id: projectId, title: 'New', priority: 'high' };
    const outcomes = [
      ...(await device.send(create(data, id))),
      ...(await device.send(create(data, id))),
      ...(await device.send(create({ ...data, estimate: 5 }, id))),
    ];
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'unchanged', 'applied']);
    expect(await ticketRow(id)).toMatchObject({ estimate: 5, revision: 2 });
  });
});

describe('comments, labels and notices', () => {
  test('C15: only its author or an admin changes a comment; its earlier words stay in the activity', async () => {
    const id = randomUUID();
    await device.send(put('comments', { ticket_id: ticketId, body: 'First' }, id));
    const bob = givenDevice(server.app, await givenPerson(server.pool, { projectId }), randomUUID());
    const rewrite: TestOp = {
      op: 'PATCH',
      type: 'comments',
      id,
      data: { body: 'Second' },
      old: { body: 'First' },
    };
    const remove: TestOp = { op: 'DELETE', type: 'comments', id };
    expect((await bob.send(rewrite, remove)).map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected']);
    expect((await device.send(rewrite, remove)).map(({ outcome }) => outcome)).toEqual([
      'applied',
      'applied',
    ]);
    const log = await select(
      'SELECT action, before, after FROM activity WHERE subject_id = $1 ORDER BY created_at',
      id,
    );
    expect(log).toEqual([
      { action: 'added', before: null, after: 'First' },
      { action: 'changed', before: 'First', after: 'Second' },
      { action: 'deleted', before: 'Second', after: null },
    ]);
  });

  test('C1: labels are a set: both sides’ additions stay, a pair exists once', async () => {
    const [bug, idea] = [randomUUID(), randomUUID()];
    const bob = givenDevice(server.app, await givenPerson(server.pool, { projectId }), randomUUID());
    const label = (id: string, name: string) =>
      put('labels', { project_id: projectId, name, color: 'red' }, id);
    const wear = (labelId: string, id = ticketLabelId(ticketId, labelId)) =>
      put('ticket_labels', { ticket_id: ticketId, label_id: labelId, project_id: projectId }, id);
    const mine = await device.sendTransactions([label(bug, 'bug'), wear(bug)]);
    expect(mine.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
    const foreign = randomUUID();
    const his = await bob.send(
      label(idea, 'idea'),
      wear(idea),
      wear(bug),
      wear(bug, randomUUID()),
      label(foreign, 'Bug'),
      wear(foreign),
    );
    expect(his.map(({ outcome }) => outcome)).toEqual([
      'applied',
      'applied',
      'unchanged',
      'merged',
      'merged',
      'merged',
    ]);
    const worn = await select('SELECT label_id FROM ticket_labels WHERE ticket_id = $1', ticketId);
    expect(worn.map((row) => row.label_id).sort()).toEqual([bug, idea].sort());
    const remove: TestOp = { op: 'DELETE', type: 'ticket_labels', id: ticketLabelId(ticketId, bug) };
    expect((await device.send(remove, remove)).map(({ outcome }) => outcome)).toEqual([
      'applied',
      'unchanged',
    ]);
  });

  test('C18: a notice is marked read by its own reader only', async () => {
    const bob = await givenPerson(server.pool, { projectId });
    const bobDevice = givenDevice(server.app, bob, randomUUID());
    await device.send(patch(ticketId, { assignee_id: bob.id }, { assignee_id: null }));
    const [notice] = await select('SELECT id, kind FROM notices WHERE user_id = $1', bob.id);
    expect(notice?.kind).toBe('assigned');
    const read: TestOp = {
      op: 'PATCH',
      type: 'notices',
      id: String(notice?.id),
      data: { read_at: '1999-01-01T00:00:00Z' },
    };
    expect((await device.send(read))[0]?.outcome).toBe('rejected');
    expect((await bobDevice.send(read))[0]?.outcome).toBe('applied');
    const [after] = await select('SELECT read_at FROM notices WHERE id = $1', notice?.id);
    expect(after?.read_at).not.toEqual(new Date('1999-01-01T00:00:00Z'));
  });
});
