import type pg from 'pg';
import { inTransaction } from '../db/pool.ts';

/**
 * Compaction of a bucket's history, in the two steps of the PowerSync protocol:
 * 1. An op that a later op of the same row supersedes becomes a MOVE: it keeps its number and checksum and loses its data.
 * 2. The MOVEs and REMOVEs that a history begins with become one CLEAR, with the last one's number and the sum of
 *    their checksums. A client that reads it forgets what it had of the bucket before, so that clients that were
 *    offline stay right, and the bucket's checksum stays the same.
 *
 * It runs beside the writer, which only ever appends. A stream that reads meanwhile must not complete a checkpoint
 * older than the bucket's last op: see `Hub.beginCompaction`.
 */
export async function compactBucket(pool: pg.Pool, bucketId: number): Promise<number> {
  const { rows } = await pool.query<{ appended: number }>(
    'SELECT appended FROM sync_engine.buckets WHERE id = $1',
    [bucketId],
  );
  await pool.query(FOLD_SUPERSEDED, [bucketId]);
  return inTransaction(pool, async (tx) => {
    const { rows: cleared } = await tx.query<{ removed: number }>(CLEAR_BEGINNING, [bucketId]);
    const removed = cleared[0]?.removed ?? 0;
    await tx.query(
      'UPDATE sync_engine.buckets SET count = count - $2, appended = appended - $3 WHERE id = $1',
      [bucketId, removed, rows[0]?.appended ?? 0],
    );
    return removed;
  });
}

/** Buckets to which at least `minAppended` ops, and a tenth of their history, were added since they were last compacted. */
export async function compactionCandidates(pool: pg.Pool, minAppended: number): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    'SELECT id FROM sync_engine.buckets WHERE appended >= greatest($1, count / 10) ORDER BY appended DESC',
    [minAppended],
  );
  return rows.map((row) => row.id);
}

/** A device that was not heard of for so long gets a number from the clock again, which is higher. */
export async function forgetOldWriteCheckpoints(pool: pg.Pool): Promise<void> {
  await pool.query(`DELETE FROM sync_engine.write_checkpoints WHERE made_at < now() - interval '30 days'`);
}

const FOLD_SUPERSEDED = `
UPDATE sync_engine.ops o SET op = 'MOVE', type = '', object_id = '', subkey = '', data = NULL
FROM (
  SELECT op_id, lead(op_id) OVER (PARTITION BY type, object_id, subkey ORDER BY op_id) IS NOT NULL AS superseded
  FROM sync_engine.ops WHERE bucket = $1 AND op IN ('PUT', 'REMOVE')
) AS history
WHERE history.superseded AND o.bucket = $1 AND o.op_id = history.op_id`;

const CLEAR_BEGINNING = `
WITH first_put AS (
  SELECT min(op_id) AS op_id FROM sync_engine.ops WHERE bucket = $1 AND op = 'PUT'
), beginning AS (
  SELECT count(*) AS count, max(o.op_id) AS last, (sum(checksum)::bigint & 4294967295) AS checksum
  FROM sync_engine.ops o, first_put
  WHERE bucket = $1 AND (first_put.op_id IS NULL OR o.op_id < first_put.op_id)
), removed AS (
  DELETE FROM sync_engine.ops USING beginning
  WHERE bucket = $1 AND beginning.count > 1 AND op_id < beginning.last
), cleared AS (
  UPDATE sync_engine.ops SET op = 'CLEAR', type = '', object_id = '', subkey = '', data = NULL,
    checksum = beginning.checksum
  FROM beginning WHERE bucket = $1 AND beginning.count > 1 AND op_id = beginning.last
)
SELECT greatest(count - 1, 0)::bigint AS removed FROM beginning`;
