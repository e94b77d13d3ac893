import { type Batch, createBatch } from './batch.ts';
import { changesOf, parameterKey } from './changes.ts';
import type { BoundConfig } from './config.ts';
import type { Hub } from './hub.ts';
import type { ParameterChange } from './operations.ts';
import type { Change, Message, Relation } from './pgoutput.ts';
import type { ChangeStream } from './replication-stream.ts';
import type { SnapshotPage } from './snapshot.ts';
import { matchesRelation, type SourceTable } from './source-table.ts';
import type { StorageWriter } from './storage-writer.ts';

export interface ReplicatorDeps {
  config: Pick<BoundConfig, 'evaluate'>;
  writer: Pick<StorageWriter, 'write' | 'commit' | 'advance' | 'rowsOf'>;
  hub: Hub;
  tables: readonly SourceTable[];
  usesTable(schema: string, name: string): boolean;
  /** Lets other work of the process go on when a long run of changes has held it for a while. */
  breathe(): Promise<void>;
  now(): number;
  onCommit(commit: { ops: number }): void;
}

/** The source's tables are no longer what the stored operations were made from. */
export class SchemaChanged extends Error {
  constructor(table: string) {
    super(`The published table ${table} has changed its columns or is new.`);
    this.name = 'SchemaChanged';
  }
}

/** Gives storage a part of a large batch at these sizes. */
const CHUNK_BYTES = 4 << 20;
/** Under backlog, commits at the next transaction border after this much or this long: a kill loses little, streams go on. */
const COMMIT_BYTES = 2 << 20;
const COMMIT_AFTER_MS = 100;
/** WAL that is not ours: how much may pass before the stored position follows, so that the slot does not keep it. */
const IDLE_BYTES = 16n << 20n;

export interface Replicator {
  /** The source's rows at one moment become the first operations of an empty storage. */
  snapshot(pages: AsyncIterable<SnapshotPage>): Promise<void>;
  /** Follows the source's changes until the stream fails. */
  follow(stream: ChangeStream): Promise<never>;
}

export function createReplicator(deps: ReplicatorDeps): Replicator {
  const { config, writer, hub, breathe, now } = deps;
  const tables = new Map(deps.tables.map((table) => [table.id, table]));
  let batch = beginBatch(hub);
  let batchBegan = now();
  let stored = hub.lsn;

  const spill = async () => {
    if (batch.pendingBytes >= CHUNK_BYTES) await writer.write(batch.takeChunk());
  };
  const apply = async (table: SourceTable, change: Change) => {
    const old = change.kind === 'insert' ? null : change.old;
    const row = change.kind === 'delete' ? null : change.row;
    batch.add(changesOf(config, table, old, row));
    await spill();
    await breathe();
  };
  const commit = async () => {
    if (batch.dirty) {
      await writer.commit(batch.takeChunk());
      stored = batch.lsn;
      const summary = batch.summary();
      hub.apply(summary);
      deps.onCommit({ ops: batch.ops });
    } else if (batch.lsn > hub.lsn) {
      if (batch.lsn - stored > IDLE_BYTES) {
        await writer.advance(batch.lsn);
        stored = batch.lsn;
      }
      hub.advance(batch.lsn);
    }
    batch = beginBatch(hub);
    batchBegan = now();
  };
  const truncate = async (tableId: number) => {
    // What the batch holds of this table must be in storage to be found there.
    if (batch.pendingBytes > 0) await writer.write(batch.takeChunk());
    for await (const places of writer.rowsOf(tableId)) {
      for (const place of places) batch.remove(place);
      await spill();
      await breathe();
    }
    for (const entry of parametersNow(hub, batch, tableId)) batch.addParameter({ ...entry, rows: null });
  };
  /** Returns whether the stream now stands inside a source transaction. */
  const handle = async (message: Message, open: boolean): Promise<boolean> => {
    switch (message.kind) {
      case 'begin':
        return true;
      case 'commit':
        batch.lsn = message.endLsn;
        if (batch.bytes > COMMIT_BYTES || now() - batchBegan > COMMIT_AFTER_MS) await commit();
        return false;
      case 'keepalive':
        if (!open && message.walEnd > batch.lsn) batch.lsn = message.walEnd;
        return open;
      case 'relation':
        checkRelation(deps, tables.get(message.relation.id), message.relation);
        return open;
      case 'truncate':
        for (const id of message.relations) if (tables.has(id)) await truncate(id);
        return open;
      case 'insert':
      case 'update':
      case 'delete': {
        const table = tables.get(message.relation);
        if (table) await apply(table, message);
        return open;
      }
      case 'other':
        return open;
    }
  };

  return {
    async snapshot(pages) {
      for await (const { table, rows } of pages) {
        for (const row of rows) {
          batch.add(changesOf(config, table, null, row));
          await breathe();
        }
        await spill();
      }
      await commit();
    },
    async follow(stream) {
      let open = false;
      for (;;) {
        const before = stored;
        for (const message of await stream.take()) open = await handle(message, open);
        if (!open) await commit();
        // Never past what is stored, also when idle: what is acknowledged is gone from the source.
        if (stored > before) stream.acknowledge(stored);
      }
    },
  };
}

const beginBatch = (hub: Hub): Batch =>
  createBatch({
    lsn: hub.lsn,
    lastOp: hub.lastOp,
    nextBucketId: hub.nextBucketId,
    bucketIdOf: (name) => hub.bucket(name)?.id,
  });

function checkRelation(
  deps: Pick<ReplicatorDeps, 'usesTable'>,
  known: SourceTable | undefined,
  relation: Relation,
): void {
  const name = `${relation.schema}.${relation.name}`;
  if (!known) {
    if (deps.usesTable(relation.schema, relation.name)) throw new SchemaChanged(name);
    return;
  }
  if (!matchesRelation(known, relation) || relation.identity !== 'f') throw new SchemaChanged(name);
}

/** The parameter index's entries of a table, with what the open batch has changed of them. */
function parametersNow(hub: Hub, batch: Batch, tableId: number): { lookup: string; source: string }[] {
  const entries = new Map<string, { lookup: string; source: string }>(
    hub.parametersOf(tableId).map((entry) => [parameterKey(entry), entry]),
  );
  const ofTable = (change: ParameterChange) => change.source.startsWith(`${tableId}/`);
  for (const change of batch.summary().parameters.filter(ofTable)) {
    if (change.rows === null) entries.delete(parameterKey(change));
    else entries.set(parameterKey(change), change);
  }
  return [...entries.values()];
}
