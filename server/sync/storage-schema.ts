import pg from 'pg';
import { databaseName, ensureDatabase, siblingUrl, withClient } from '../db/databases.ts';

/**
 * The engine's tables, in a database of their own: within the replicated database, logical decoding would read the
 * engine's writes too. All of it can be rebuilt from the source, so another version of the schema starts anew.
 */
export const SCHEMA_VERSION = 1;

export const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS sync_engine;
CREATE TABLE sync_engine.state (
  id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  schema_version integer NOT NULL,
  fingerprint text NOT NULL,
  prefix text NOT NULL,
  ready boolean NOT NULL,
  lsn pg_lsn NOT NULL,
  last_op bigint NOT NULL
);
-- appended: ops since the last compaction.
CREATE TABLE sync_engine.buckets (
  id integer PRIMARY KEY,
  name text NOT NULL UNIQUE,
  count bigint NOT NULL,
  checksum bigint NOT NULL,
  last bigint NOT NULL,
  appended bigint NOT NULL
);
-- source_table: the oid in subkey, so that a TRUNCATE finds a table's rows without reading all history.
CREATE TABLE sync_engine.ops (
  bucket integer NOT NULL,
  op_id bigint NOT NULL,
  op text NOT NULL,
  type text NOT NULL,
  object_id text NOT NULL,
  subkey text NOT NULL,
  checksum bigint NOT NULL,
  data text,
  source_table bigint GENERATED ALWAYS AS (nullif(split_part(subkey, '/', 1), '')::bigint) STORED,
  PRIMARY KEY (bucket, op_id)
);
CREATE INDEX ops_source_table ON sync_engine.ops (source_table) WHERE op IN ('PUT', 'REMOVE');
CREATE TABLE sync_engine.parameters (
  lookup text NOT NULL,
  source text NOT NULL,
  rows text NOT NULL,
  PRIMARY KEY (lookup, source)
);
CREATE TABLE sync_engine.write_checkpoints (
  client text PRIMARY KEY,
  id bigint NOT NULL,
  lsn pg_lsn NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);`;

const INVALID_CATALOG_NAME = '3D000';

/** Creates the database that `url` names when the server does not have it. */
export async function ensureStorageDatabase(url: string): Promise<void> {
  try {
    await withClient(url, async () => undefined);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== INVALID_CATALOG_NAME) throw error;
    await ensureDatabase(siblingUrl(url, 'postgres'), databaseName(url));
  }
}
