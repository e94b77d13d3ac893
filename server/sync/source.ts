import { z } from 'zod';
import { createPool } from '../db/pool.ts';
import { parseLsn } from './lsn.ts';
import type { SourceTable } from './source-table.ts';

export interface Slot {
  /** The changes it should have kept are gone. */
  lost: boolean;
  confirmed: bigint;
}

/** Queries on the database that is replicated. */
export interface Source {
  tables(publication: string): Promise<SourceTable[]>;
  slot(name: string): Promise<Slot | null>;
  dropSlot(name: string): Promise<void>;
  /** Where the log ends now. */
  end(): Promise<bigint>;
  /** A position after every commit so far; replication is certain to pass it soon, also when nobody writes. */
  mark(): Promise<bigint>;
  close(): Promise<void>;
}

export function createSource(url: string, onIdleError: (error: Error) => void): Source {
  const pool = createPool(url, { max: 3, onIdleError });
  const end = async () => {
    const { rows } = await pool.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
    return parseLsn(one(rows).lsn);
  };
  return {
    end,
    async tables(publication) {
      const { rows } = await pool.query(PUBLISHED_TABLES, [publication]);
      return z.array(sourceTable).parse(rows);
    },
    async slot(name) {
      const { rows } = await pool.query<{ wal_status: string | null; confirmed: string | null }>(
        `SELECT wal_status, confirmed_flush_lsn::text AS confirmed
         FROM pg_replication_slots WHERE slot_name = $1 AND database = current_database()`,
        [name],
      );
      const slot = rows[0];
      if (!slot) return null;
      return {
        lost: slot.wal_status === 'lost' || slot.confirmed === null,
        confirmed: parseLsn(slot.confirmed ?? '0/0'),
      };
    },
    async dropSlot(name) {
      await pool.query(
        `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
         WHERE slot_name = $1 AND database = current_database()`,
        [name],
      );
    },
    async mark() {
      const lsn = await end();
      // A message in a transaction of its own is flushed at once and makes replication pass `lsn` on an idle database.
      await pool.query(`SELECT pg_logical_emit_message(true, 'rejoin_sync', '')`);
      return lsn;
    },
    close: () => pool.end(),
  };
}

const one = <T>(rows: T[]): T => {
  const row = rows[0];
  if (row === undefined) throw new Error('Postgres answered without a row where it always has one.');
  return row;
};

const sourceTable: z.ZodType<SourceTable> = z.object({
  id: z.number(),
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.object({ name: z.string(), oid: z.number(), baseOid: z.number() })),
  key: z.array(z.string()),
  rowFilter: z.string().nullable(),
  fullIdentity: z.boolean(),
});

const PUBLISHED_TABLES = `
SELECT c.oid::int8 AS id, n.nspname AS schema, c.relname AS name, p.rowfilter AS "rowFilter",
  c.relreplident = 'f' AS "fullIdentity",
  (SELECT json_agg(json_build_object('name', a.attname, 'oid', a.atttypid::int8,
      'baseOid', (CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE a.atttypid END)::int8) ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND a.attname = ANY (p.attnames)) AS columns,
  coalesce((SELECT json_agg(a.attname ORDER BY k.position)
    FROM pg_index i
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE i.indrelid = c.oid AND i.indisprimary), '[]') AS key
FROM pg_publication_tables p
JOIN pg_namespace n ON n.nspname = p.schemaname
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
WHERE p.pubname = $1
ORDER BY 2, 3`;
