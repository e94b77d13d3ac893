import { createPool } from '../db/pool.ts';
import { compactBucket, compactionCandidates, forgetOldWriteCheckpoints } from './compact.ts';
import type { HubState, WriteCheckpoint } from './hub.ts';
import { formatLsn, parseLsn } from './lsn.ts';
import type { Op } from './operations.ts';
import type { ReadOps } from './session.ts';
import { ensureStorageDatabase } from './storage-schema.ts';
import { openStorageWriter, type StorageWriter } from './storage-writer.ts';

/** Bucket operations in Postgres: one writer, many readers. */
export interface Storage {
  /** Null when another engine writes to this storage. Creates the database and the tables when missing. */
  openWriter(): Promise<StorageWriter | null>;
  load(): Promise<Omit<HubState, 'lsn' | 'lastOp'>>;
  readOps: ReadOps;
  /**
   * Records a client's wish to hear when replication has passed `lsn`; returns the checkpoint's number, higher than
   * every earlier one of this client. Without `requested`, numbers follow the clock, so that they also rise when
   * the storage was lost.
   */
  writeCheckpoint(client: string, lsn: bigint, requested: bigint | null): Promise<WriteCheckpoint>;
  /** Buckets whose history has grown enough to be worth compacting. */
  compactionCandidates(minAppended: number): Promise<number[]>;
  /** Folds superseded ops; returns how many ops the history is shorter by. */
  compactBucket(bucketId: number): Promise<number>;
  forgetOldWriteCheckpoints(): Promise<void>;
  close(): Promise<void>;
}

export interface StorageDeps {
  url: string;
  /** A client's first write checkpoint is at least this. */
  writeCheckpointFloor: () => number;
  onIdleError: (error: Error) => void;
}

export function createStorage({ url, writeCheckpointFloor, onIdleError }: StorageDeps): Storage {
  const readers = createPool(url, { max: 4, onIdleError });
  const writers = createPool(url, { max: 1, onIdleError });
  return {
    async openWriter() {
      await ensureStorageDatabase(url);
      return openStorageWriter(writers);
    },
    async load() {
      const [buckets, parameters, writes] = await Promise.all([
        readers.query<BucketRecord>('SELECT id, name, count, checksum, last FROM sync_engine.buckets'),
        readers.query<{ lookup: string; source: string; rows: string }>(
          'SELECT lookup, source, rows FROM sync_engine.parameters',
        ),
        readers.query<{ client: string; id: number; lsn: string }>(
          'SELECT client, id, lsn::text FROM sync_engine.write_checkpoints',
        ),
      ]);
      return {
        buckets: buckets.rows.map((row) => ({ ...row, last: BigInt(row.last) })),
        parameters: parameters.rows,
        writes: writes.rows.map(({ client, id, lsn }) => ({ client, id: BigInt(id), lsn: parseLsn(lsn) })),
      };
    },
    async readOps(bucket, after, upTo, limit) {
      const { rows } = await readers.query<OpRecord>({
        name: 'sync_read',
        text: `SELECT op_id, op, type, object_id AS id, subkey, checksum, data FROM sync_engine.ops
               WHERE bucket = $1 AND op_id > $2 AND op_id <= $3 ORDER BY op_id LIMIT $4`,
        values: [bucket, after, upTo, limit],
      });
      return rows.map((row) => ({ ...row, bucket, op_id: BigInt(row.op_id) }));
    },
    async writeCheckpoint(client, lsn, requested) {
      const { rows } = await readers.query<{ id: number; lsn: string }>(WRITE_CHECKPOINT, [
        client,
        requested,
        formatLsn(lsn),
        writeCheckpointFloor(),
      ]);
      const row = rows[0];
      if (!row) throw new Error('Storage did not answer with the write checkpoint it recorded.');
      return { id: BigInt(row.id), lsn: parseLsn(row.lsn) };
    },
    compactionCandidates: (minAppended) => compactionCandidates(readers, minAppended),
    compactBucket: (bucketId) => compactBucket(readers, bucketId),
    forgetOldWriteCheckpoints: () => forgetOldWriteCheckpoints(readers),
    async close() {
      await Promise.all([readers.end(), writers.end()]);
    },
  };
}

interface BucketRecord {
  id: number;
  name: string;
  count: number;
  checksum: number;
  last: number;
}

interface OpRecord extends Omit<Op, 'op_id' | 'bucket'> {
  op_id: number;
}

const WRITE_CHECKPOINT = `
INSERT INTO sync_engine.write_checkpoints AS w (client, id, lsn)
VALUES ($1, coalesce($2::bigint, $4::bigint), $3::pg_lsn)
ON CONFLICT (client) DO UPDATE SET
  id = greatest(w.id + CASE WHEN $2::bigint IS NULL THEN 1 ELSE 0 END, excluded.id),
  lsn = greatest(w.lsn, excluded.lsn), made_at = now()
RETURNING id, lsn::text AS lsn`;
