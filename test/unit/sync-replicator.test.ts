import { describe, expect, it } from 'vitest';
import { createHub } from '../../server/sync/hub.ts';
import type { Message } from '../../server/sync/pgoutput.ts';
import { createReplicator, SchemaChanged } from '../../server/sync/replicator.ts';
import {
  begin,
  commitAt,
  createRecordingWriter,
  createScriptedStream,
  EndOfRuns,
  emptyState,
  ITEMS,
  insert,
  itemsConfig,
} from '../support/sync-fakes.ts';

const MEBIBYTE = 'x'.repeat(1 << 20);

function setUp() {
  const hub = createHub();
  hub.load(emptyState);
  const recording = createRecordingWriter();
  const replicator = createReplicator({
    config: itemsConfig,
    writer: recording.writer,
    hub,
    tables: [ITEMS],
    usesTable: (_, name) => name === 'items' || name === 'added',
    breathe: async () => undefined,
    now: () => 0,
    onCommit: () => undefined,
  });
  const follow = async (runs: Message[][]) => {
    const stream = createScriptedStream(runs);
    await expect(replicator.follow(stream)).rejects.toThrow(EndOfRuns);
    return stream;
  };
  return { hub, replicator, follow, ...recording };
}

describe('replication', () => {
  it('makes one storage commit of a run of small transactions', async () => {
    const { follow, commits, hub } = setUp();
    const stream = await follow([[begin, insert('a'), commitAt(10n), begin, insert('b'), commitAt(20n)]]);
    expect(commits.map(({ lsn, ops }) => [lsn, ops.map(({ id }) => id)])).toEqual([[20n, ['a', 'b']]]);
    expect(stream.acknowledged).toEqual([20n]);
    expect(hub.bucket('items[]')).toMatchObject({ count: 2, last: 2n });
  });

  it('bug 2: under backlog commits at transaction borders inside a run', async () => {
    const { follow, commits } = setUp();
    const transaction = (n: bigint): Message[] => [begin, insert(`i${n}`, MEBIBYTE), commitAt(n)];
    await follow([[1n, 2n, 3n, 4n, 5n, 6n].flatMap(transaction)]);
    expect(commits.length).toBeGreaterThan(1);
    expect(commits.flatMap(({ ops }) => ops.map(({ id }) => id))).toEqual([
      'i1',
      'i2',
      'i3',
      'i4',
      'i5',
      'i6',
    ]);
  });

  it('bug 3: acknowledges nothing beyond what is stored while others write', async () => {
    const { follow, advanced, hub } = setUp();
    const keepalive = (walEnd: bigint): Message => ({ kind: 'keepalive', walEnd, reply: false });
    const idle = await follow([[keepalive(1000n)], [keepalive(2000n)]]);
    expect(hub.lsn).toBe(2000n);
    expect(idle.acknowledged).toEqual([]);
    const far = await follow([[keepalive(1n << 30n)]]);
    expect(advanced).toEqual([1n << 30n]);
    expect(far.acknowledged).toEqual([1n << 30n]);
  });

  it('bug 7: a huge transaction leaves in chunks, and none of it is visible before its end', async () => {
    const { follow, written, commits, hub } = setUp();
    const rows = Array.from({ length: 20 }, (_, i) => insert(`i${i}`, MEBIBYTE));
    await follow([[begin, ...rows]]);
    expect(written.length).toBeGreaterThan(2);
    expect(Math.max(...written.map(({ ops }) => ops.length))).toBeLessThan(6);
    expect(commits).toEqual([]);
    expect(hub.lastOp).toBe(0n);
  });

  it('stops at a relation that is not what the operations were made from', async () => {
    const { replicator } = setUp();
    const relation = (name: string, id: number, columns: string[]): Message => ({
      kind: 'relation',
      relation: {
        id,
        schema: 'public',
        name,
        identity: 'f',
        columns: columns.map((column) => ({ name: column, oid: 25 })),
      },
    });
    const follow = (message: Message) => replicator.follow(createScriptedStream([[message]]));
    await expect(follow(relation('items', 1, ['id', 'body']))).rejects.toThrow(EndOfRuns);
    await expect(follow(relation('items', 1, ['id', 'body', 'color']))).rejects.toThrow(SchemaChanged);
    await expect(follow(relation('added', 2, ['id']))).rejects.toThrow(SchemaChanged);
    await expect(follow(relation('unused', 3, ['id']))).rejects.toThrow(EndOfRuns);
  });
});
