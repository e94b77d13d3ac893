import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommitter } from '../../client/local-db/windows/committer.ts';
import type { RowWrite } from '../../client/local-db/windows/row-write.ts';
import {
  memoryStorage,
  notesIn,
  openTestDb,
  queuedOps,
  receiveTicket,
  type TestLocalDb,
  whyNoSqlite,
} from './client-local-db.ts';

const TICKET = '6a0cbb7e-41f5-4a34-bd0e-9f1f3c9d1d11';
const edit = (title: string): RowWrite[] => [
  { kind: 'update', table: 'tickets', id: TICKET, values: { title } },
];

describe.skipIf(whyNoSqlite)('an edit that a page did not get to write', { timeout: 30_000 }, () => {
  let local: TestLocalDb;
  let storage: Storage;

  beforeEach(async () => {
    local = await openTestDb();
    storage = memoryStorage();
    await receiveTicket(local.db, TICKET, { title: 'start' });
  });
  afterEach(() => local.close());

  const openPage = () =>
    createCommitter({
      db: local.db,
      liveWindows: () => [],
      aboutNow: () => ({}),
      unwritten: notesIn(storage),
    });
  const titles = async () => (await queuedOps(local.db)).map((op) => op.opData?.title);

  it('is written by the next page, in order and before its own edits', async () => {
    const closing = notesIn(storage);
    closing.note(edit('first'), {});
    closing.note(edit('second'), {});
    expect(await openPage()(edit('third'))).toEqual({ ok: true });
    expect(await titles()).toEqual(['first', 'second', 'third']);
    expect(notesIn(storage).left()).toEqual([]);
  });

  it('is written once, though two pages find it and though its own page had written it', async () => {
    const page = notesIn(storage);
    const noted = page.note(edit('only once'), {});
    await Promise.all([openPage()([]), openPage()([])]);
    storage.setItem(`rejoin.unwritten.ada.${noted.id}`, JSON.stringify({ ...noted, order: [0, 0] }));
    await local.db.execute('INSERT INTO written_edits (id) VALUES (?)', [noted.id]);
    await openPage()([]);
    expect(await titles()).toEqual(['only once']);
  });

  it('is noted while SQLite writes and forgotten afterwards, also when it could not be written', async () => {
    const commit = openPage();
    const pending = commit(edit('on its way'));
    expect(notesIn(storage).left()).toMatchObject([{ writes: edit('on its way') }]);
    await pending;
    expect(notesIn(storage).left()).toEqual([]);
    const failed = await commit([{ kind: 'update', table: 'tickets', id: 'none', values: { title: 'x' } }]);
    expect(failed.ok).toBe(false);
    expect(notesIn(storage).left()).toEqual([]);
  });

  it('does not stop editing where the browser keeps nothing', async () => {
    storage.setItem = () => {
      throw new Error('QuotaExceededError');
    };
    expect(await openPage()(edit('kept by SQLite'))).toEqual({ ok: true });
    expect(await titles()).toEqual(['kept by SQLite']);
  });
});
