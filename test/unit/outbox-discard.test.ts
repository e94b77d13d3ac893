import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Discarded, discardOp, readQueue } from '../../client/local-db/outbox/discard.ts';
import { dependentsOf } from '../../client/local-db/outbox/discard-plan.ts';
import {
  answeredOp,
  answeredOpsSql,
  waitingOp,
  waitingOpsSql,
} from '../../client/local-db/outbox/entries.ts';
import { repeatOf } from '../../client/local-db/outbox/repeat.ts';
import { keepAnswers } from '../../client/local-db/upload/answers.ts';
import { markSent, readMark } from '../../client/local-db/upload/upload-mark.ts';
import { nextBatch } from '../../client/local-db/upload/upload-queue.ts';
import {
  createTestData,
  NOW,
  openTestDb,
  PROJECT,
  queuedOps,
  receiveTicket,
  type TestLocalDb,
  whyNoSqlite,
} from './client-local-db.ts';

if (whyNoSqlite) process.stderr.write(`${whyNoSqlite}\n`);

const TICKET = '6a0cbb7e-41f5-4a34-bd0e-9f1f3c9d1d11';

describe.skipIf(whyNoSqlite)('discarding an op that waits', { timeout: 30_000 }, () => {
  let local: TestLocalDb;
  let edits: ReturnType<typeof createTestData>['edits'];

  beforeEach(async () => {
    local = await openTestDb();
    ({ edits } = createTestData(local.db));
    await receiveTicket(local.db, TICKET, { title: 'Old', status: 'todo', assignee_id: null, estimate: 1 });
  });
  afterEach(() => local.close());

  const ticket = { id: TICKET, project_id: PROJECT };
  const row = (id = TICKET) =>
    local.db.getOptional<Record<string, unknown>>('SELECT * FROM tickets WHERE id = ?', [id]);
  const discard = async (position: number): Promise<Discarded> => {
    const op = (await readQueue(local.db))[position];
    return discardOp(local.db, { opId: op?.opId ?? -1, rowId: op?.rowId ?? '' });
  };

  it('brings every field back to what it was, and leaves nothing in the queue', async () => {
    await edits.editTicket(TICKET, { title: 'New', assignee_id: 'ada' });
    expect(await discard(0)).toEqual({ ok: true, tickets: [] });
    expect(await row()).toMatchObject({ title: 'Old', assignee_id: null, estimate: 1 });
    expect(await queuedOps(local.db)).toEqual([]);
  });

  it('lets a later edit of the field go on from what its author is left with (C2)', async () => {
    await edits.editTicket(TICKET, { title: 'Second', estimate: 2 });
    await edits.editTicket(TICKET, { title: 'Third' });
    await discard(0);
    expect(await row()).toMatchObject({ title: 'Third', estimate: 1 });
    const left = await queuedOps(local.db);
    expect(left.map((op) => [op.opData, op.previousValues])).toEqual([
      [{ title: 'Third' }, { title: 'Old' }],
    ]);
  });

  it('takes the last edit of a field back to the one before', async () => {
    await edits.editTicket(TICKET, { title: 'Second' });
    await edits.editTicket(TICKET, { title: 'Third' });
    await discard(1);
    expect(await row()).toMatchObject({ title: 'Second' });
    expect(await queuedOps(local.db)).toHaveLength(1);
  });

  it('takes with a new ticket all that builds on it, and says so before', async () => {
    const other = await edits.addComment(ticket, 'Elsewhere');
    const label = await edits.createLabel(PROJECT, 'Bug', '#111111');
    const made = await edits.createTicket(PROJECT, { title: 'Offline' }, [label.id]);
    await edits.editTicket(made.id, { status: 'done' });
    const comment = await edits.addComment({ id: made.id, project_id: PROJECT }, 'First');
    await edits.editComment(comment.id, 'First!');
    const queue = await readQueue(local.db);
    const creation = queue.findIndex((op) => op.rowId === made.id);
    const dependents = dependentsOf(queue, queue[creation]?.opId ?? -1);
    expect(dependents.map(({ op, table }) => `${op} ${table}`)).toEqual([
      'PUT ticket_labels',
      'PATCH tickets',
      'PUT comments',
      'PATCH comments',
    ]);
    expect(await discard(creation)).toEqual({ ok: true, tickets: [made.id] });
    expect(await row(made.id)).toBeNull();
    expect(await local.db.getAll('SELECT id FROM comments')).toEqual([{ id: other.id }]);
    expect(await local.db.getAll('SELECT id FROM ticket_labels')).toEqual([]);
    expect((await queuedOps(local.db)).map(({ id }) => id)).toEqual([other.id, label.id]);
  });

  it('keeps the rest of a transaction together (C16)', async () => {
    const [first, second] = await Promise.all([
      edits.createLabel(PROJECT, 'One', '#111111'),
      edits.createLabel(PROJECT, 'Two', '#222222'),
    ]);
    await edits.createTicket(PROJECT, { title: 'With labels' }, [first.id, second.id]);
    await discard(3); // the first label on the ticket: between the ticket and the second label
    const transactions = (await nextBatch(local.db)).map(({ ops }) =>
      ops.map(({ op, type }) => `${op} ${type}`),
    );
    expect(transactions.at(-1)).toEqual(['PUT tickets', 'PUT ticket_labels']);
    expect(await local.db.getAll('SELECT label_id FROM ticket_labels')).toEqual([{ label_id: second.id }]);
  });

  it('brings a deleted comment and a removed label back', async () => {
    const label = await edits.createLabel(PROJECT, 'Bug', '#111111');
    await edits.addLabel(ticket, label.id);
    const comment = await edits.addComment(ticket, 'Hello');
    await edits.deleteComment(comment.id);
    await edits.removeLabel(TICKET, label.id);
    expect(await local.db.getAll('SELECT id FROM comments UNION SELECT id FROM ticket_labels')).toEqual([]);
    await discard(4);
    await discard(3);
    expect(await local.db.getAll('SELECT body FROM comments')).toEqual([{ body: 'Hello' }]);
    expect(await local.db.getAll('SELECT label_id FROM ticket_labels')).toEqual([{ label_id: label.id }]);
  });

  it('refuses what was handed to the network, and what is not there any more', async () => {
    await edits.editTicket(TICKET, { title: 'New' });
    const [op] = await queuedOps(local.db);
    await markSent(local.db, op?.clientId ?? 0, await readMark(local.db));
    expect(await discard(0)).toEqual({ ok: false, reason: expect.stringContaining('sent meanwhile') });
    expect(await row()).toMatchObject({ title: 'New' });
    expect(await discardOp(local.db, { opId: 999, rowId: TICKET })).toMatchObject({ ok: false });
  });

  it('shows every op with its ticket, before it is sent, while it is, and answered', async () => {
    await edits.editTicket(TICKET, { status: 'done' });
    await edits.addComment(ticket, 'Hello');
    const waiting = async () => waitingOp.array().parse(await local.db.getAll(waitingOpsSql(10)));
    expect(await waiting()).toMatchObject([
      { op: 'PATCH', data: { status: 'done' }, old: { status: 'todo' }, ticket_title: 'Old', sent: false },
      { op: 'PUT', table_name: 'comments', ticket_id: TICKET, sent: false },
    ]);
    const [first] = await nextBatch(local.db);
    const ops = first?.ops ?? [];
    await markSent(local.db, ops[0]?.op_id ?? 0, await readMark(local.db));
    expect((await waiting()).map(({ sent }) => sent)).toEqual([true, false]);
    await keepAnswers(
      local.db,
      ops,
      ops.map(({ op_id }) => ({ op_id, outcome: 'kept', reason: 'Kept done.' })),
      NOW,
    );
    expect(await waiting()).toHaveLength(1);
    const answered = answeredOp.array().parse(await local.db.getAll(answeredOpsSql(10)));
    expect(answered).toMatchObject([
      {
        outcome: 'kept',
        reason: 'Kept done.',
        ticket_title: 'Old',
        metadata: { made_at: NOW.toISOString() },
      },
    ]);
  });

  it('makes a refused transaction again as a whole (C16)', async () => {
    const label = await edits.createLabel(PROJECT, 'Bug', '#111111');
    await edits.createTicket(PROJECT, { title: 'Refused' }, [label.id]);
    const ops = (await nextBatch(local.db)).flatMap((transaction) => transaction.ops);
    await keepAnswers(
      local.db,
      ops,
      ops.map(({ op_id }) => ({ op_id, outcome: 'rejected', reason: 'No.' })),
      NOW,
    );
    const answered = answeredOp.array().parse(await local.db.getAll(answeredOpsSql(10)));
    const creation = answered.find(({ table_name }) => table_name === 'tickets');
    const again = creation && repeatOf(creation, answered);
    expect(again?.writes.map(({ kind, table }) => `${kind} ${table}`)).toEqual([
      'insert tickets',
      'insert ticket_labels',
    ]);
    expect(again?.answerIds).toHaveLength(2);
  });
});
