import { describe, expect, it } from 'vitest';
import type { ClientBucket } from '../../server/sync/config.ts';
import { createHub } from '../../server/sync/hub.ts';
import type { Op } from '../../server/sync/operations.ts';
import { session } from '../../server/sync/session.ts';
import type { SyncLine, SyncRequest } from '../../server/sync/wire.ts';
import { emptyState } from '../support/sync-fakes.ts';

/** Two buckets, `urgent` (priority 1) and `later` (priority 3); the lookup `mine` says which the client has. */
function setUp(request: SyncRequest = {}) {
  const hub = createHub();
  const ids = { urgent: 1, later: 2 };
  hub.load({
    ...emptyState,
    parameters: Object.keys(ids).map((name) => ({ lookup: 'mine', source: `9/${name}`, rows: name })),
  });
  const history: Op[] = [];
  const put = (name: keyof typeof ids, ...titles: string[]) => {
    const before = hub.lastOp;
    const ops = titles.map(
      (id, i): Op => ({
        op_id: before + BigInt(i) + 1n,
        op: 'PUT',
        bucket: ids[name],
        type: 'tickets',
        id,
        subkey: `1/${id}`,
        checksum: 1,
        data: '{}',
      }),
    );
    history.push(...ops);
    const lastOp = ops.at(-1)?.op_id ?? before;
    const bucket = { id: ids[name], name, count: ops.length, checksum: ops.length, last: lastOp };
    hub.apply({ ops: null, buckets: [bucket], parameters: [], lsn: lastOp, lastOp });
  };
  const setMember = (name: string, member: boolean) =>
    hub.apply({
      ops: [],
      buckets: [],
      parameters: [{ lookup: 'mine', source: `9/${name}`, rows: member ? name : null }],
      lsn: hub.lsn + 1n,
      lastOp: hub.lastOp + 1n,
    });
  const bucketsOf = (names: string[]): ClientBucket[] =>
    names.map((bucket) => ({
      bucket,
      priority: bucket === 'urgent' ? 1 : 3,
      subscriptions: [{ default: 0 }],
    }));
  const abort = new AbortController();
  const lines = session(
    {
      hub,
      config: { plan: () => ({ streams: [], resolve: async (lookup) => bucketsOf(lookup('mine')) }) },
      readOps: async (bucket, after, upTo, limit) =>
        history.filter((op) => op.bucket === bucket && op.op_id > after && op.op_id <= upTo).slice(0, limit),
    },
    { sub: 'user' },
    request,
    abort.signal,
  );
  const next = async (): Promise<SyncLine | undefined> => {
    const { value, done } = await lines.next();
    return done ? undefined : value;
  };
  const untilComplete = async () => {
    const seen: string[] = [];
    for (;;) {
      const line = await next();
      if (!line) return seen;
      seen.push(nameOf(line));
      if ('checkpoint_complete' in line) return seen;
    }
  };
  return { hub, put, setMember, next, untilComplete, abort };
}

function nameOf(line: SyncLine): string {
  if ('data' in line)
    return `${line.data.bucket} after ${line.data.after}: ${line.data.data.map(({ id }) => id).join(' ')}`;
  if ('checkpoint_diff' in line) return `diff -${line.checkpoint_diff.removed_buckets.join()}`;
  if ('partial_checkpoint_complete' in line) return `partial ${line.partial_checkpoint_complete.priority}`;
  return Object.keys(line).join();
}

describe('a session', () => {
  it('sends the most urgent first and completes each priority', async () => {
    const { put, untilComplete } = setUp();
    put('later', 'b');
    put('urgent', 'a');
    expect(await untilComplete()).toEqual([
      'checkpoint',
      'urgent after 0: a',
      'partial 1',
      'later after 0: b',
      'checkpoint_complete',
    ]);
  });

  it('resumes from the positions the client names', async () => {
    const { put, untilComplete } = setUp({ buckets: [{ name: 'urgent', after: '1' }] });
    put('urgent', 'a', 'b');
    expect(await untilComplete()).toEqual(['checkpoint', 'urgent after 1: b', 'checkpoint_complete']);
  });

  it('bug 1: forgets the position of a bucket that left the checkpoint', async () => {
    const { put, setMember, untilComplete } = setUp({ buckets: [{ name: 'urgent', after: '1' }] });
    put('urgent', 'a');
    setMember('urgent', false);
    expect(await untilComplete()).toEqual(['checkpoint', 'checkpoint_complete']);
    setMember('urgent', true);
    expect(await untilComplete()).toEqual(['diff -', 'urgent after 0: a', 'checkpoint_complete']);
    setMember('urgent', false);
    expect(await untilComplete()).toEqual(['diff -urgent', 'checkpoint_complete']);
  });

  it('gives up a long checkpoint for a newer one, and completes only that', async () => {
    const { put, next, untilComplete } = setUp();
    put('later', ...Array.from({ length: 2500 }, (_, i) => `row${i}`));
    await next();
    await next();
    put('urgent', 'new');
    const rest = await untilComplete();
    expect(rest.filter((line) => line === 'checkpoint_complete')).toHaveLength(1);
    expect(rest.findIndex((line) => line.startsWith('diff'))).toBeLessThan(
      rest.indexOf('urgent after 0: new'),
    );
  });

  it('never completes a checkpoint whose data compaction may have rewritten', async () => {
    const { hub, put, next, untilComplete } = setUp();
    put('urgent', 'a');
    await next();
    put('urgent', 'a');
    hub.beginCompaction(1);
    expect(await untilComplete()).toEqual([
      'urgent after 0: a',
      'diff -',
      'urgent after 1: a',
      'checkpoint_complete',
    ]);
  });

  it('reads nothing ahead of a reader that does not take the lines', async () => {
    const { put, next, hub } = setUp();
    put('urgent', 'a');
    await next();
    for (let i = 0; i < 100; i++) put('later', `row${i}`);
    expect(hub.lastOp).toBe(101n);
    expect(nameOf((await next()) ?? { token_expires_in: 0 })).toBe('urgent after 0: a');
  });
});
