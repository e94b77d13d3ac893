import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type GivenPerson,
  givenPerson,
  givenProject,
  givenTicket,
  type TicketColumns,
} from '../support/builders.ts';
import { runUploads } from '../support/run-uploads.ts';
import { givenDevice, patch, resolution, type TestDevice } from '../support/uploads.ts';

const server = runUploads();
let projectId: string;
let ann: GivenPerson;
let bob: GivenPerson;
let cleo: GivenPerson;
let annDevice: TestDevice;
let bobDevice: TestDevice;

beforeEach(async () => {
  projectId = (await givenProject(server.pool)).id;
  ann = await givenPerson(server.pool, { name: 'Ann', role: 'admin', projectId });
  bob = await givenPerson(server.pool, { name: 'Bob', projectId });
  cleo = await givenPerson(server.pool, { name: 'Cleo', projectId });
  annDevice = givenDevice(server.app, ann, randomUUID());
  bobDevice = givenDevice(server.app, bob, randomUUID());
});

const ticketWith = async (columns: TicketColumns = {}, inTrash = false): Promise<string> =>
  (await givenTicket(server.pool, { projectId, createdBy: ann.id, columns, inTrash })).id;

async function ticketRow(id: string): Promise<Record<string, unknown>> {
  const { rows } = await server.pool.query('SELECT * FROM tickets WHERE id = $1', [id]);
  return rows[0] ?? {};
}

async function activityOf(ticketId: string, subject: string): Promise<Record<string, unknown>[]> {
  const { rows } = await server.pool.query(
    'SELECT * FROM activity WHERE ticket_id = $1 AND subject = $2 ORDER BY created_at',
    [ticketId, subject],
  );
  return rows;
}

async function conflictsOf(ticketId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await server.pool.query(
    'SELECT * FROM conflicts WHERE ticket_id = $1 ORDER BY opened_at',
    [ticketId],
  );
  return rows;
}

async function noticesOf(person: GivenPerson): Promise<Record<string, unknown>[]> {
  const { rows } = await server.pool.query('SELECT kind, detail FROM notices WHERE user_id = $1', [
    person.id,
  ]);
  return rows;
}

describe('the policies', () => {
  test('C1, C6: an edit of what still stands applies, and is in the activity with before and after', async () => {
    const id = await ticketWith({ title: 'Old' });
    const [outcome] = await annDevice.send(patch(id, { title: 'New' }, { title: 'Old' }));
    expect(outcome).toEqual({ op_id: 1, outcome: 'applied', reason: null });
    expect(await ticketRow(id)).toMatchObject({ title: 'New', revision: 2 });
    expect(await activityOf(id, 'title')).toMatchObject([
      {
        before: 'Old',
        after: 'New',
        actor_id: ann.id,
        device_id: annDevice.id,
        outcome: 'applied',
        rule: null,
      },
    ]);
  });

  test('C9: different fields of one ticket never conflict', async () => {
    const id = await ticketWith();
    await bobDevice.send(patch(id, { assignee_id: bob.id }, { assignee_id: null }));
    const [outcome] = await annDevice.send(patch(id, { due_on: '2026-1-2' }, { due_on: null }));
    expect(outcome?.outcome).toBe('applied');
    expect(await ticketRow(id)).toMatchObject({ assignee_id: bob.id, due_on: '2026-01-02', revision: 3 });
  });

  test('C1: last-write-wins takes the later value, and keeps what and whose it overwrote', async () => {
    const id = await ticketWith({ title: 'Old' });
    await bobDevice.send(patch(id, { title: 'Of Bob' }, { title: 'Old' }));
    const [outcome] = await annDevice.send(patch(id, { title: 'Of Ann' }, { title: 'Old' }));
    expect(outcome?.outcome).toBe('applied');
    expect(outcome?.reason).toContain('Bob');
    expect((await activityOf(id, 'title'))[1]).toMatchObject({
      before: 'Of Bob',
      after: 'Of Ann',
      rule: 'last-write-wins',
      overwrote_id: bob.id,
    });
    expect(await noticesOf(bob)).toMatchObject([{ kind: 'overridden', detail: { field: 'title' } }]);
  });

  test('C7: a stale edit does not reopen a finished ticket; its value is kept in the activity, its author told', async () => {
    const id = await ticketWith({ status: 'todo' });
    await bobDevice.send(patch(id, { status: 'done' }, { status: 'todo' }));
    const [outcome] = await annDevice.send(patch(id, { status: 'in_progress' }, { status: 'todo' }));
    expect(outcome).toEqual({
      op_id: 1,
      outcome: 'kept',
      reason: 'Kept done: finished tickets are not reopened by older edits.',
    });
    expect(await ticketRow(id)).toMatchObject({ status: 'done', revision: 2 });
    expect((await activityOf(id, 'status'))[1]).toMatchObject({
      after: 'in_progress',
      outcome: 'kept',
      rule: 'terminal-wins',
    });
    expect(await noticesOf(ann)).toMatchObject([{ kind: 'overridden' }]);
  });

  test('C8: of two priorities the more urgent stands', async () => {
    const id = await ticketWith({ priority: 'low' });
    await bobDevice.send(patch(id, { priority: 'urgent' }, { priority: 'low' }));
    const [outcome] = await annDevice.send(patch(id, { priority: 'medium' }, { priority: 'low' }));
    expect(outcome?.outcome).toBe('kept');
    expect(await ticketRow(id)).toMatchObject({ priority: 'urgent' });
  });

  test('C1: review keeps current and opens a conflict with base, current and proposed', async () => {
    const id = await ticketWith();
    await bobDevice.send(patch(id, { assignee_id: bob.id }, { assignee_id: null }));
    const metadata = JSON.stringify({
      made_at: '2026-03-01T10:00:00.000Z',
      offline_since: '2026-03-01T09:00:00.000Z',
    });
    const [outcome] = await annDevice.send({
      ...patch(id, { assignee_id: cleo.id }, { assignee_id: null }),
      metadata,
    });
    expect(outcome).toMatchObject({ outcome: 'review', reason: expect.stringContaining('Bob') });
    const [conflict] = await conflictsOf(id);
    expect(conflict).toMatchObject({
      id: outcome?.conflict_id,
      kind: 'field',
      field: 'assignee_id',
      base: null,
      current: bob.id,
      proposed: cleo.id,
      author_id: ann.id,
      device_id: annDevice.id,
      current_author_id: bob.id,
      state: 'open',
      offline_since: new Date('2026-03-01T09:00:00.000Z'),
    });
    expect(await ticketRow(id)).toMatchObject({ assignee_id: bob.id });
    expect(await noticesOf(ann)).toMatchObject([{ kind: 'review' }]);
  });

  test('C5: values that differ only in form are no conflict', async () => {
    const id = await ticketWith({ due_on: '2026-01-02' });
    const [outcome] = await annDevice.send(patch(id, { due_on: '2026-1-2' }, { due_on: '2025-12-31' }));
    expect(outcome?.outcome).toBe('unchanged');
    expect(await conflictsOf(id)).toEqual([]);
    expect(await ticketRow(id)).toMatchObject({ revision: 1 });
  });

  test('C10: a policy chosen by an admin holds from then on, and the choice is in the activity', async () => {
    const id = await ticketWith({ title: 'Old' });
    const choose = (person: GivenPerson, policy: string) =>
      server.app.inject({
        method: 'PUT',
        url: `/api/projects/${projectId}/policies/title`,
        headers: { 'x-person': person.id },
        payload: { policy },
      });
    expect((await choose(bob, 'review')).statusCode).toBe(403);
    expect((await choose(ann, 'rule')).statusCode).toBe(400);
    expect((await choose(ann, 'review')).statusCode).toBe(200);
    await bobDevice.send(patch(id, { title: 'Of Bob' }, { title: 'Old' }));
    const [outcome] = await annDevice.send(patch(id, { title: 'Of Ann' }, { title: 'Old' }));
    expect(outcome?.outcome).toBe('review');
    const { rows } = await server.pool.query(
      `SELECT subject_id, before, after, actor_id FROM activity WHERE project_id = $1 AND subject = 'policy'`,
      [projectId],
    );
    expect(rows).toEqual([
      { subject_id: 'title', before: 'last-write-wins', after: 'review', actor_id: ann.id },
    ]);
  });
});

describe('C2: folding', () => {
  test('C2: a chain in one upload meets the server as one edit; the steps stay in the activity', async () => {
    const id = await ticketWith({ status: 'todo' });
    await bobDevice.send(patch(id, { status: 'cancelled' }, { status: 'todo' }));
    const outcomes = await annDevice.send(
      patch(id, { status: 'in_progress' }, { status: 'todo' }),
      patch(id, { status: 'done' }, { status: 'in_progress' }),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['review', 'review']);
    expect(outcomes[0]?.conflict_id).toBe(outcomes[1]?.conflict_id);
    expect(await conflictsOf(id)).toMatchObject([{ base: 'todo', current: 'cancelled', proposed: 'done' }]);
    expect((await activityOf(id, 'status')).map(({ after }) => after)).toEqual([
      'cancelled',
      'in_progress',
      'done',
    ]);
  });

  test('C2: A→B→C→A leaves a colleague’s value alone', async () => {
    const id = await ticketWith({ title: 'A' });
    await bobDevice.send(patch(id, { title: 'Of Bob' }, { title: 'A' }));
    const outcomes = await annDevice.send(
      patch(id, { title: 'B' }, { title: 'A' }),
      patch(id, { title: 'C' }, { title: 'B' }),
      patch(id, { title: 'A' }, { title: 'C' }),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(await ticketRow(id)).toMatchObject({ title: 'Of Bob' });
    expect((await activityOf(id, 'title')).map(({ after }) => after)).toEqual(['Of Bob', 'B', 'C']);
  });

  test('C2: an edit that follows a refused one of the same device is no conflict', async () => {
    const id = await ticketWith({ assignee_id: cleo.id });
    const outcomes = await annDevice.send(
      patch(id, { assignee_id: 'nobody' }, { assignee_id: cleo.id }),
      patch(id, { assignee_id: bob.id }, { assignee_id: 'nobody' }),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rejected', 'applied']);
  });

  test('C3: a later upload that goes on from the device’s own proposal updates the open conflict', async () => {
    const id = await ticketWith();
    await bobDevice.send(patch(id, { assignee_id: bob.id }, { assignee_id: null }));
    const [first] = await annDevice.send(patch(id, { assignee_id: cleo.id }, { assignee_id: null }));
    const [second] = await annDevice.send(patch(id, { assignee_id: ann.id }, { assignee_id: cleo.id }));
    expect(second).toMatchObject({ outcome: 'review', conflict_id: first?.conflict_id });
    expect(await conflictsOf(id)).toMatchObject([
      { base: null, current: bob.id, proposed: ann.id, state: 'open' },
    ]);
    const [third] = await annDevice.send(patch(id, { assignee_id: bob.id }, { assignee_id: ann.id }));
    expect(third?.outcome).toBe('unchanged');
    expect(await conflictsOf(id)).toMatchObject([{ proposed: ann.id, state: 'superseded' }]);
  });
});

describe('C4: clients that write whole rows', () => {
  const wholeRow = { title: 'Old', status: 'in_progress', priority: 'none', estimate: null };

  test('C4: columns that equal their old value are no edits, so a colleague’s field survives', async () => {
    const id = await ticketWith({ title: 'Old' });
    await bobDevice.send(patch(id, { title: 'Of Bob' }, { title: 'Old' }));
    await annDevice.send(patch(id, wholeRow, { ...wholeRow, status: 'todo' }));
    expect(await ticketRow(id)).toMatchObject({ title: 'Of Bob', status: 'in_progress' });
  });

  test('C4: a whole row without old values reverts a colleague’s field, which the activity shows', async () => {
    const id = await ticketWith({ title: 'Old' });
    await bobDevice.send(patch(id, { title: 'Of Bob' }, { title: 'Old' }));
    await annDevice.send(patch(id, wholeRow));
    expect(await ticketRow(id)).toMatchObject({ title: 'Old' });
    expect((await activityOf(id, 'title'))[1]).toMatchObject({
      before: 'Of Bob',
      after: 'Old',
      actor_id: ann.id,
    });
  });
});

describe('C11: the trash', () => {
  const restored = { deleted_at: null };

  test('C11: an edit of a deleted ticket waits; answered with the edit, the ticket comes back with it', async () => {
    const id = await ticketWith({ title: 'Old' }, true);
    const [outcome] = await annDevice.send(patch(id, { title: 'New' }, { title: 'Old' }));
    expect(outcome?.outcome).toBe('review');
    expect(await conflictsOf(id)).toMatchObject([
      { kind: 'deleted', base: 'Old', current: 'Old', proposed: 'New' },
    ]);
    expect(await ticketRow(id)).toMatchObject({ title: 'Old' });
    const [answer] = await bobDevice.send(resolution(outcome?.conflict_id, 'New', 'Old'));
    expect(answer?.outcome).toBe('applied');
    expect(await ticketRow(id)).toMatchObject({ title: 'New', ...restored });
  });

  test('C11: answered with the current value, the edit is let go and the ticket stays in the trash', async () => {
    const id = await ticketWith({ title: 'Old' }, true);
    const [outcome] = await annDevice.send(patch(id, { title: 'New' }, { title: 'Old' }));
    await bobDevice.send(resolution(outcome?.conflict_id, 'Old', 'Old'));
    expect(await conflictsOf(id)).toMatchObject([{ state: 'resolved', proposed: 'New', resolution: 'Old' }]);
    expect((await ticketRow(id)).deleted_at).not.toBeNull();
    expect(await noticesOf(ann)).toContainEqual(expect.objectContaining({ kind: 'overridden' }));
  });

  test('C11: a comment on a deleted ticket is kept with it, and its author told', async () => {
    const id = await ticketWith({}, true);
    const data = { ticket_id: id, body: 'Still needed' };
    const [outcome] = await annDevice.send({ op: 'PUT', type: 'comments', id: randomUUID(), data });
    expect(outcome).toMatchObject({ outcome: 'merged', reason: expect.stringContaining('trash') });
  });
});

describe('C12, C13: resolving', () => {
  async function openConflict(): Promise<{ id: string; conflictId: string | undefined }> {
    const id = await ticketWith();
    await bobDevice.send(patch(id, { assignee_id: bob.id }, { assignee_id: null }));
    const [outcome] = await annDevice.send(patch(id, { assignee_id: cleo.id }, { assignee_id: null }));
    return { id, conflictId: outcome?.conflict_id };
  }

  test('C12: an answer is an edit: a third value lands in the field and closes the conflict', async () => {
    const { id, conflictId } = await openConflict();
    const [answer] = await annDevice.send(resolution(conflictId, ann.id, bob.id));
    expect(answer?.outcome).toBe('applied');
    expect(await ticketRow(id)).toMatchObject({ assignee_id: ann.id });
    expect(await conflictsOf(id)).toMatchObject([
      { state: 'resolved', resolution: ann.id, resolved_by: ann.id },
    ]);
  });

  test('C12: no value at all is an answer too', async () => {
    const { id, conflictId } = await openConflict();
    await annDevice.send(resolution(conflictId, null, bob.id));
    expect(await ticketRow(id)).toMatchObject({ assignee_id: null });
    expect(await conflictsOf(id)).toMatchObject([{ state: 'resolved', resolution: null }]);
  });

  test('C12: when current has moved since, the conflict opens again with it and shows the answer', async () => {
    const { id, conflictId } = await openConflict();
    await bobDevice.send(patch(id, { assignee_id: null }, { assignee_id: bob.id }));
    const [answer] = await annDevice.send(resolution(conflictId, cleo.id, bob.id));
    expect(answer).toMatchObject({ outcome: 'review', conflict_id: conflictId });
    expect(await ticketRow(id)).toMatchObject({ assignee_id: null });
    expect(await conflictsOf(id)).toMatchObject([
      { state: 'open', current: null, resolution: cleo.id, resolved_seeing: bob.id, resolved_by: ann.id },
    ]);
  });

  test('C12: an answer given after an edit of the same upload has seen that edit', async () => {
    const { id, conflictId } = await openConflict();
    const outcomes = await bobDevice.send(
      patch(id, { assignee_id: null }, { assignee_id: bob.id }),
      resolution(conflictId, cleo.id, null),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
    expect(await ticketRow(id)).toMatchObject({ assignee_id: cleo.id });
  });

  test('C13: of two answers the first stands, the second is told', async () => {
    const { id, conflictId } = await openConflict();
    await bobDevice.send(resolution(conflictId, bob.id, bob.id));
    const [second] = await annDevice.send(resolution(conflictId, cleo.id, bob.id));
    expect(second).toMatchObject({
      outcome: 'kept',
      reason: expect.stringContaining('Bob answered this first'),
    });
    expect(await ticketRow(id)).toMatchObject({ assignee_id: bob.id });
    expect((await activityOf(id, 'assignee_id')).at(-1)).toMatchObject({ after: cleo.id, outcome: 'kept' });
    expect((await noticesOf(ann)).map(({ kind }) => kind)).toContain('overridden');
  });
});
