import type pg from 'pg';
import { formatLsn, parseLsn } from './lsn.ts';
import type { Chunk, Op } from './operations.ts';
import { SCHEMA, SCHEMA_VERSION } from './storage-schema.ts';

/** What the stored operations were made from, and how far. */
export interface StoredState {
  fingerprint: string;
  prefix: string;
  ready: boolean;
  lsn: bigint;
  lastOp: bigint;
}

/** A row that is in a bucket now. */
export interface Place {
  bucket: number;
  type: string;
  id: string;
  subkey: string;
}

/** The one writer of a storage; whoever holds it holds the lock. */
export interface StorageWriter {
  state(): Promise<StoredState | null>;
  /** Forgets all operations and begins a new life of the storage, not ready. */
  reset(state: { fingerprint: string; prefix: string; lsn: bigint; lastOp: bigint }): Promise<void>;
  /** Part of a batch: not visible before {@link commit}. */
  write(chunk: Chunk): Promise<void>;
  /** The last part of a batch. Durable when it resolves. */
  commit(chunk: Chunk): Promise<void>;
  /** Nothing of ours up to `lsn`. */
  advance(lsn: bigint): Promise<void>;
  markReady(): Promise<void>;
  /** The stored operations no longer fit the source: the next start takes a new snapshot. */
  invalidate(): Promise<void>;
  /** The rows of a source table that are in buckets now, page by page; sees the open batch. */
  rowsOf(tableId: number): AsyncGenerator<Place[]>;
  /** Hears of a connection that broke between statements. */
  onError(listener: (error: Error) => void): void;
  close(): void;
}

/** Any number will do; all engines must use the same. Advisory locks are per database. */
const LOCK = 7_365_102;
const PLACES_PER_PAGE = 2000;

/** Takes the lock and makes the tables; null when another engine has the lock. */
export async function openStorageWriter(pool: pg.Pool): Promise<StorageWriter | null> {
  const client = await pool.connect();
  const listeners: ((error: Error) => void)[] = [];
  client.on('error', (error) => {
    for (const listener of listeners) listener(error);
  });
  // Destroyed, not returned: the lock and an open transaction end with the connection.
  const close = () => client.release(true);
  try {
    // An answer to a client must never be ahead of what a crash of Postgres leaves behind, whatever the cluster's default.
    await client.query('SET synchronous_commit = on');
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK]);
    if (!rows[0]?.held) {
      close();
      return null;
    }
    await ensureSchema(client);
  } catch (error) {
    close();
    throw error;
  }
  return createWriter(client, {
    onError: (listener) => listeners.push(listener),
    close,
  });
}

function createWriter(
  client: pg.PoolClient,
  connection: Pick<StorageWriter, 'onError' | 'close'>,
): StorageWriter {
  let inBatch = false;
  const begin = async () => {
    if (inBatch) return;
    await client.query('BEGIN');
    inBatch = true;
  };
  const append = (chunk: Chunk) =>
    client.query({
      name: 'sync_append',
      text: APPEND,
      values: [
        toJson(chunk.ops),
        toJson(chunk.buckets),
        toJson(chunk.parameters),
        formatLsn(chunk.lsn),
        chunk.lastOp,
      ],
    });
  return {
    ...connection,
    state: () => readState(client),
    async reset(state) {
      await client.query('BEGIN');
      await client.query(
        'TRUNCATE sync_engine.state, sync_engine.buckets, sync_engine.ops, sync_engine.parameters',
      );
      await client.query(
        `INSERT INTO sync_engine.state (schema_version, fingerprint, prefix, ready, lsn, last_op)
         VALUES ($1, $2, $3, false, $4, $5)`,
        [SCHEMA_VERSION, state.fingerprint, state.prefix, formatLsn(state.lsn), state.lastOp],
      );
      // The new snapshot holds every write that a client has asked about.
      await client.query('UPDATE sync_engine.write_checkpoints SET lsn = $1', [formatLsn(state.lsn)]);
      await client.query('COMMIT');
    },
    async write(chunk) {
      await begin();
      await append(chunk);
    },
    async commit(chunk) {
      // Alone, the statement is its own transaction: one round trip for a live update.
      await append(chunk);
      if (!inBatch) return;
      await client.query('COMMIT');
      inBatch = false;
    },
    async advance(lsn) {
      await client.query('UPDATE sync_engine.state SET lsn = greatest(lsn, $1::pg_lsn)', [formatLsn(lsn)]);
    },
    async markReady() {
      await client.query('UPDATE sync_engine.state SET ready = true');
      await client.query('ANALYZE sync_engine.ops');
    },
    async invalidate() {
      if (inBatch) await client.query('ROLLBACK');
      inBatch = false;
      await client.query('UPDATE sync_engine.state SET ready = false');
    },
    async *rowsOf(tableId) {
      await begin();
      await client.query(`DECLARE places NO SCROLL CURSOR FOR ${CURRENT_PLACES}`, [tableId]);
      for (;;) {
        const { rows } = await client.query<Place>(`FETCH ${PLACES_PER_PAGE} FROM places`);
        if (rows.length === 0) break;
        yield rows;
      }
      await client.query('CLOSE places');
    },
  };
}

async function ensureSchema(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ present: boolean }>(
    `SELECT to_regclass('sync_engine.state') IS NOT NULL AS present`,
  );
  if (rows[0]?.present && (await schemaIsCurrent(client))) return;
  await client.query(`BEGIN; DROP SCHEMA IF EXISTS sync_engine CASCADE; ${SCHEMA} COMMIT`);
}

async function schemaIsCurrent(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ schema_version: number }>(
    'SELECT schema_version FROM sync_engine.state',
  );
  return rows.every((row) => row.schema_version === SCHEMA_VERSION);
}

async function readState(client: pg.PoolClient): Promise<StoredState | null> {
  const { rows } = await client.query<{
    fingerprint: string;
    prefix: string;
    ready: boolean;
    lsn: string;
    last_op: number;
  }>('SELECT fingerprint, prefix, ready, lsn::text, last_op FROM sync_engine.state');
  const state = rows[0];
  return state
    ? {
        fingerprint: state.fingerprint,
        prefix: state.prefix,
        ready: state.ready,
        lsn: parseLsn(state.lsn),
        lastOp: BigInt(state.last_op),
      }
    : null;
}

/** Ops as a JSON parameter: op ids as text, since JSON has no 64-bit numbers. */
const toJson = (values: readonly (Partial<Op> | object)[]): string =>
  JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/** Counts and checksums are added, never set: compaction changes them beside the writer. */
const APPEND = `
WITH new_ops AS (
  INSERT INTO sync_engine.ops (bucket, op_id, op, type, object_id, subkey, checksum, data)
  SELECT * FROM json_to_recordset($1::json) AS o (bucket integer, op_id bigint, op text, type text, id text,
    subkey text, checksum bigint, data text)
), changed_buckets AS (
  INSERT INTO sync_engine.buckets AS b (id, name, count, checksum, last, appended)
  SELECT id, name, count, checksum, last, count FROM json_to_recordset($2::json) AS a (id integer, name text,
    count bigint, checksum bigint, last bigint)
  ON CONFLICT (id) DO UPDATE SET count = b.count + excluded.count,
    checksum = (b.checksum + excluded.checksum) & 4294967295,
    last = excluded.last, appended = b.appended + excluded.appended
), gone AS (
  DELETE FROM sync_engine.parameters p USING json_to_recordset($3::json) AS x (lookup text, source text, rows text)
  WHERE x.rows IS NULL AND p.lookup = x.lookup AND p.source = x.source
), set_parameters AS (
  INSERT INTO sync_engine.parameters (lookup, source, rows)
  SELECT * FROM json_to_recordset($3::json) AS x (lookup text, source text, rows text) WHERE rows IS NOT NULL
  ON CONFLICT (lookup, source) DO UPDATE SET rows = excluded.rows
)
UPDATE sync_engine.state SET lsn = greatest(lsn, $4::pg_lsn), last_op = $5::bigint`;

const CURRENT_PLACES = `
SELECT bucket, type, id, subkey FROM (
  SELECT DISTINCT ON (bucket, type, object_id, subkey) bucket, type, object_id AS id, subkey, op
  FROM sync_engine.ops WHERE source_table = $1 AND op IN ('PUT', 'REMOVE')
  ORDER BY bucket, type, object_id, subkey, op_id DESC
) AS latest WHERE op = 'PUT'`;
