import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCommitter } from '../../client/local-db/windows/committer.ts';
import type { LiveWindow } from '../../client/local-db/windows/window-collection.ts';
import {
  noStorage,
  openTestDb,
  queuedOps,
  receiveTicket,
  type TestLocalDb,
  whyNoSqlite,
} from './client-local-db.ts';

const TICKET = '6a0cbb7e-41f5-4a34-bd0e-9f1f3c9d1d11';
const edit = (title: string) => [
  { kind: 'update' as const, table: 'tickets', id: TICKET, values: { title } },
];

describe.skipIf(whyNoSqlite)('the order of edits', { timeout: 30_000 }, () => {
  let local: TestLocalDb;

  beforeEach(async () => {
    local = await openTestDb();
    await receiveTicket(local.db, TICKET, { title: 'start' });
  });
  afterEach(() => local.close());

  it('stays when the first has to be tried again because the browser still held the file', async () => {
    let refusals = 2;
    const db: typeof local.db = new Proxy(local.db, {
      get: (target, name, receiver) => {
        if (name !== 'writeTransaction' || refusals === 0)
          return Reflect.get(target, name, receiver).bind(target);
        refusals -= 1;
        return () => Promise.reject(new Error('NoModificationAllowedError: the file is in use'));
      },
    });
    const commit = createCommitter({
      db,
      liveWindows: () => [],
      aboutNow: () => ({}),
      unwritten: noStorage(),
    });
    const results = await Promise.all([commit(edit('first')), commit(edit('second'))]);
    expect(results).toEqual([{ ok: true }, { ok: true }]);
    expect((await queuedOps(local.db)).map((op) => op.opData?.title)).toEqual(['first', 'second']);
  });

  it('holds for settling too: a newer edit waits until an older one is shown from SQLite', async () => {
    const refreshes: (() => void)[] = [];
    const slow: LiveWindow = {
      table: 'tickets',
      show: () => {},
      refresh: () => new Promise((resolve) => refreshes.push(resolve)),
    };
    const commit = createCommitter({
      db: local.db,
      liveWindows: () => [slow],
      aboutNow: () => ({}),
      unwritten: noStorage(),
    });
    const settled: string[] = [];
    const first = commit(edit('first')).then(() => settled.push('first'));
    const second = commit(edit('second')).then(() => settled.push('second'));
    await expect.poll(() => refreshes.length).toBe(2);
    refreshes[1]?.();
    await local.db.getAll('SELECT 1'); // a whole round trip: time enough for what should not happen
    expect(settled).toEqual([]);
    refreshes[0]?.();
    await Promise.all([first, second]);
    expect(settled).toEqual(['first', 'second']);
  });

  it('is not held up by an edit that failed', async () => {
    const commit = createCommitter({
      db: local.db,
      liveWindows: () => [],
      aboutNow: () => ({}),
      unwritten: noStorage(),
    });
    const gone = [{ kind: 'update' as const, table: 'tickets', id: 'none', values: { title: 'x' } }];
    const [failed, after] = await Promise.all([commit(gone), commit(edit('after'))]);
    expect(failed.ok).toBe(false);
    expect(after).toEqual({ ok: true });
  });
});
