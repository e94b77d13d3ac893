import type { BoundConfig } from '../../server/sync/config.ts';
import type { HubState } from '../../server/sync/hub.ts';
import type { Chunk } from '../../server/sync/operations.ts';
import type { Message, Tuple } from '../../server/sync/pgoutput.ts';
import type { ChangeStream } from '../../server/sync/replication-stream.ts';
import type { SourceTable } from '../../server/sync/source-table.ts';
import type { StorageWriter } from '../../server/sync/storage-writer.ts';

/** A table `items(id, body)` whose rows all go into one bucket, `items[]`. */
export const ITEMS: SourceTable = {
  id: 1,
  schema: 'public',
  name: 'items',
  columns: [
    { name: 'id', oid: 25, baseOid: 25 },
    { name: 'body', oid: 25, baseOid: 25 },
  ],
  key: ['id'],
  rowFilter: null,
  fullIdentity: true,
};

export const itemsConfig: Pick<BoundConfig, 'evaluate'> = {
  evaluate: (table, [id, body]) => ({
    data: [
      {
        bucket: 'items[]',
        type: table.name,
        id: String(id),
        subkey: `1/${id}`,
        data: JSON.stringify({ id, body }),
      },
    ],
    parameters: [],
  }),
};

export const insert = (id: string, body = ''): Message => ({
  kind: 'insert',
  relation: 1,
  row: [id, body] satisfies Tuple,
});
export const commitAt = (endLsn: bigint): Message => ({ kind: 'commit', endLsn });
export const begin: Message = { kind: 'begin' };

export const emptyState: HubState = { buckets: [], parameters: [], writes: [], lsn: 0n, lastOp: 0n };

/** A writer that remembers what it was told, in order. */
export function createRecordingWriter() {
  const commits: Chunk[] = [];
  const written: Chunk[] = [];
  const advanced: bigint[] = [];
  const writer: Pick<StorageWriter, 'write' | 'commit' | 'advance' | 'rowsOf'> = {
    async write(chunk) {
      written.push(chunk);
    },
    async commit(chunk) {
      commits.push(chunk);
    },
    async advance(lsn) {
      advanced.push(lsn);
    },
    async *rowsOf() {},
  };
  return { writer, commits, written, advanced };
}

export class EndOfRuns extends Error {}

/** A stream that hands out these runs and then fails, as a lost connection does. */
export function createScriptedStream(runs: Message[][]): ChangeStream & { acknowledged: bigint[] } {
  const acknowledged: bigint[] = [];
  const left = [...runs];
  return {
    acknowledged,
    acknowledge: (lsn) => acknowledged.push(lsn),
    async take() {
      const run = left.shift();
      if (!run) throw new EndOfRuns();
      return run;
    },
  };
}
