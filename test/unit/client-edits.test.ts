import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ticketWindow } from '../../client/local-db/ticket-window.ts';
import {
  createTestData,
  openTestDb,
  PROJECT,
  queuedOps,
  receiveTicket,
  type TestLocalDb,
  whyNoSqlite,
} from './client-local-db.ts';

if (whyNoSqlite) process.stderr.write(`${whyNoSqlite}\n`);

const TICKET = '6a0cbb7e-41f5-4a34-bd0e-9f1f3c9d1d11';

describe.skipIf(whyNoSqlite)('edits of local data', { timeout: 30_000 }, () => {
  let local: TestLocalDb;
  let data: ReturnType<typeof createTestData>;

  beforeEach(async () => {
    local = await openTestDb();
    data = createTestData(local.db);
  });
  afterEach(() => local.close());

  const openList = async () => {
    const window = data.tables.tickets.open(ticketWindow({ projectId: PROJECT }, 50));
    await window.collection.preload();
    const subscription = window.collection.subscribeChanges(() => {});
    return { ...window, stop: () => subscription.unsubscribe() };
  };

  it('queues the changed columns only, with the value its author saw and when it was made (C4)', async () => {
    await receiveTicket(local.db, TICKET, { title: 'Old', status: 'todo', estimate: 3 });
    await data.edits.editTicket(TICKET, { title: 'New', status: 'todo' });

    const [op, ...others] = await queuedOps(local.db);
    expect(others).toEqual([]);
    expect(op?.toJSON()).toMatchObject({
      op: 'PATCH',
      type: 'tickets',
      id: TICKET,
      data: { title: 'New' },
      old: { title: 'Old' },
      metadata: JSON.stringify({ made_at: '2026-03-01T10:00:00.000Z' }),
    });
    expect(Object.keys(op?.opData ?? {})).toEqual(['title']);
    expect(Object.keys(op?.previousValues ?? {})).toEqual(['title']);
  });

  it('queues nothing for an edit that changes nothing', async () => {
    await receiveTicket(local.db, TICKET, { title: 'Same' });
    expect(await data.edits.editTicket(TICKET, { title: ' Same ' })).toEqual({ ok: true });
    expect(await queuedOps(local.db)).toEqual([]);
  });

  it('loses no colleague’s edit of another field: 0 of 50', async () => {
    const list = await openList();
    let lost = 0;
    for (let round = 0; round < 50; round += 1) {
      await receiveTicket(local.db, TICKET, { title: `t${round}`, estimate: round });
      await vi.waitFor(() => expect(list.collection.get(TICKET)?.estimate).toBe(round));
      // The colleague's estimate is in SQLite, this window has not read it yet.
      await receiveTicket(local.db, TICKET, { title: `t${round}`, estimate: round + 1000 });
      await data.edits.editTicket(TICKET, { title: `mine ${round}` });
      const row = await local.db.get<{ estimate: number }>('SELECT estimate FROM tickets WHERE id = ?', [
        TICKET,
      ]);
      if (row.estimate !== round + 1000) lost += 1;
    }
    list.stop();
    expect(lost).toBe(0);
  });

  it('shows an edit at once and never an older value again, in 60 bursts', async () => {
    await receiveTicket(local.db, TICKET, { title: 'start', estimate: 0 });
    const list = await openList();
    let steps = 0;
    let latest = 0;
    const shown: { seen: number; latest: number }[] = [];
    const subscription = list.collection.subscribeChanges(() => {
      shown.push({ seen: list.collection.get(TICKET)?.estimate ?? -1, latest });
    });
    for (let burst = 0; burst < 60; burst += 1) {
      const saved = [1, 2, 3, 4].map(() => {
        steps += 1;
        latest = steps;
        const result = data.edits.editTicket(TICKET, { estimate: steps });
        return result.then((answer) => expect(answer).toEqual({ ok: true }));
      });
      // Somebody else's edit of another field arrives in the middle of it.
      const others = local.db.execute('UPDATE ps_data__tickets SET data = json_set(data, ?, ?)', [
        '$.title',
        `b${burst}`,
      ]);
      await Promise.all([...saved, others]);
      expect(list.collection.get(TICKET)?.estimate).toBe(latest);
    }
    subscription.unsubscribe();
    list.stop();
    expect(shown.filter(({ seen, latest: newest }) => seen < newest - 3)).toEqual([]);
    expect(isRising(shown.map(({ seen }) => seen))).toBe(true);
  });

  it('says so when the row is gone, and goes on working', async () => {
    await receiveTicket(local.db, TICKET, { title: 'Here' });
    const list = await openList();
    await local.db.execute('DELETE FROM ps_data__tickets');
    const late = await data.edits.editTicket(TICKET, { title: 'Too late' });
    expect(late).toEqual({ ok: false, reason: expect.stringContaining('deleted meanwhile') });

    const created = await data.edits.createTicket(PROJECT, { title: 'Next' });
    expect(created.ok).toBe(true);
    expect(list.collection.get(created.id)?.title).toBe('Next');
    expect(list.collection.has(TICKET)).toBe(false);
    list.stop();
  });

  it('creates a ticket with its labels in one transaction, with the initial fields', async () => {
    const label = await data.edits.createLabel(PROJECT, ' Sync ', '#5457e0');
    const ticket = await data.edits.createTicket(PROJECT, { title: 'Offline' }, [label.id]);
    const transactions = [];
    for await (const transaction of local.db.getCrudTransactions()) {
      transactions.push(transaction.crud.map(({ op, table, id }) => ({ op: `${op}`, table, id })));
    }
    expect(transactions).toEqual([
      [{ op: 'PUT', table: 'labels', id: label.id }],
      [
        { op: 'PUT', table: 'tickets', id: ticket.id },
        { op: 'PUT', table: 'ticket_labels', id: `${ticket.id}/${label.id}` },
      ],
    ]);
    const ops = await queuedOps(local.db);
    expect(ops[1]?.opData).toMatchObject({ title: 'Offline', status: 'todo', priority: 'none' });
  });

  it('gives one label one id, whoever creates it and however it is written', async () => {
    const first = await data.edits.createLabel(PROJECT, 'Bug', '#111111');
    const again = await data.edits.createLabel(PROJECT, ' bug ', '#222222');
    expect(again.id).toBe(first.id);
    const rows = await local.db.getAll('SELECT name, color FROM labels');
    expect(rows).toEqual([{ name: 'Bug', color: '#111111' }]);
    expect(await queuedOps(local.db)).toHaveLength(1);
  });

  it('deletes with metadata, and refuses a value that is none of the field', async () => {
    const ticket = { id: TICKET, project_id: PROJECT };
    const comment = await data.edits.addComment(ticket, 'Hello');
    await data.edits.deleteComment(comment.id);
    const ops = await queuedOps(local.db);
    expect(ops.map(({ op }) => `${op}`)).toEqual(['PUT', 'DELETE']);
    expect(ops[1]?.metadata).toContain('made_at');
    expect(await data.edits.editTicket(TICKET, { due_on: '2026-02-31' })).toEqual({
      ok: false,
      reason: 'Due date: not a date (expected YYYY-MM-DD)',
    });
  });

  it('grows a window without dropping a row, and orders as SQLite does', async () => {
    for (let n = 0; n < 30; n += 1) {
      await receiveTicket(local.db, `id-${n}`, {
        title: `t${n}`,
        updated_at: `2026-01-${String(n + 1).padStart(2, '0')}`,
      });
    }
    const window = data.tables.tickets.open(ticketWindow({ projectId: PROJECT }, 10));
    await window.collection.preload();
    expect(window.collection.size).toBe(10);
    await window.setLimit(20);
    const rows = [...window.collection.values()].sort(window.compare);
    expect(rows).toHaveLength(20);
    expect(rows.slice(0, 2).map((row) => row.id)).toEqual(['id-29', 'id-28']);
  });
});

const isRising = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
