import type pg from 'pg';
import { z } from 'zod';
import type { Unmerged } from './merge.ts';
import { type LogRow, PACKED_ROW, unpackRows } from './packed-rows.ts';

/** A pool, or one connection. */
export type Queryable = Pick<pg.PoolClient, 'query'>;

export interface LogUpdate {
  readonly ticketId: string;
  readonly update: Uint8Array;
  readonly authorId: string;
}

export interface Snapshot {
  readonly bytes: Uint8Array;
  readonly stateVector: Uint8Array;
  /** The last log row that is in it. */
  readonly upto: number;
  readonly schemaVersion: number;
}

/** The durable state: a snapshot, and the log rows that are not in it. */
export interface StoredState {
  readonly snapshot: Snapshot | null;
  readonly log: readonly LogRow[];
}

/** The same with its rows in one piece (packed-rows.ts). */
export interface PackedState {
  readonly snapshot: Snapshot | null;
  readonly rows: Uint8Array;
}

/** Channel that tells every node of new log rows: `<node> <first seq> <last seq>`, and then their tickets' ids. */
export const UPDATES_CHANNEL = 'rejoin_updates';

/** A notification holds 8,000 bytes; a ticket takes 37. */
const TICKETS_A_NOTIFICATION = 200;

/**
 * Adds a batch to the logs in one statement, and tells the other nodes when it commits. Answers with the tickets that
 * are there: rows of one that is gone are left out.
 *
 * The ticket is locked before its rows are numbered (a row is numbered after the lock let it through), so that whoever
 * holds the ticket exclusively sees every number up to the highest: compaction rests on that.
 */
export async function appendUpdates(
  tx: Queryable,
  updates: readonly LogUpdate[],
  node: string,
): Promise<string[]> {
  const ticketIds = updates.map((row) => row.ticketId);
  const { rows } = await ask(tx, {
    name: 'collab-append',
    text: `
      WITH locked AS MATERIALIZED (SELECT id FROM tickets WHERE id = ANY($1::uuid[]) ORDER BY id FOR KEY SHARE),
      stored AS (
        INSERT INTO description_updates (ticket_id, update, author_id)
        SELECT ticket, update, author
        FROM unnest($1::uuid[], $2::bytea[], $3::text[]) WITH ORDINALITY AS given (ticket, update, author, position)
        WHERE ticket IN (SELECT id FROM locked) ORDER BY position
        RETURNING seq),
      told AS MATERIALIZED (
        SELECT pg_notify('${UPDATES_CHANNEL}', concat_ws(' ', $4::text, first, last, tickets))
        FROM (SELECT min(seq) AS first, max(seq) AS last FROM stored) AS span, unnest($5::text[]) AS tickets
        WHERE first IS NOT NULL)
      SELECT ARRAY(SELECT id::text FROM locked) AS tickets, (SELECT count(*) FROM told) AS told`,
    values: [
      ticketIds,
      updates.map((row) => row.update),
      updates.map((row) => row.authorId),
      node,
      inPortions([...new Set(ticketIds)]),
    ],
  });
  return appendAnswer.parse(rows[0]).tickets;
}

function inPortions(ticketIds: readonly string[]): string[] {
  const portions: string[] = [];
  for (let at = 0; at < ticketIds.length; at += TICKETS_A_NOTIFICATION)
    portions.push(ticketIds.slice(at, at + TICKETS_A_NOTIFICATION).join(' '));
  return portions;
}

/**
 * On a connection that is never at rest pg's promises hold on to each other, and each collection of garbage has to copy
 * them until a full one frees them; what its callbacks leave behind is gone at once.
 */
const ask = (tx: Queryable, query: pg.QueryConfig): Promise<pg.QueryResult> =>
  new Promise((resolve, reject) => {
    tx.query(query, (error, result) => (error ? reject(error) : resolve(result)));
  });

/** Reads the snapshot and the log rows after it, as they are at one moment, in one round trip. */
export async function readState(tx: Queryable, ticketId: string): Promise<StoredState> {
  const { snapshot, rows } = await readPacked(tx, ticketId);
  return { snapshot, log: unpackRows(rows) };
}

/** The same for another thread to take apart, up to the row `upto` if one is named. */
export async function readPacked(
  tx: Queryable,
  ticketId: string,
  upto: number | null = null,
): Promise<PackedState> {
  const { rows } = await tx.query({
    name: 'collab-state',
    text: `
      SELECT d.snapshot, d.state_vector, d.schema_version, d.upto, log.packed
      FROM (SELECT $1::uuid AS id) AS asked LEFT JOIN descriptions d USING (id) CROSS JOIN LATERAL (
        SELECT string_agg(${PACKED_ROW}, '' ORDER BY seq) AS packed FROM description_updates
        WHERE ticket_id = asked.id AND seq > coalesce(d.upto, 0) AND ($2::bigint IS NULL OR seq <= $2)) AS log`,
    values: [ticketId, upto],
  });
  return packedState.parse(rows[0]);
}

/** The bytes of a state, as the parts that work on documents take them. */
export const unmergedOf = ({ snapshot, log }: StoredState): Unmerged => ({
  snapshot: snapshot?.bytes ?? null,
  updates: log.map((row) => row.update),
});

/** Rows that another node announced. */
export async function readRows(
  tx: Queryable,
  ticketId: string,
  first: number,
  last: number,
): Promise<LogRow[]> {
  const { rows } = await tx.query(
    'SELECT seq, update FROM description_updates WHERE ticket_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq',
    [ticketId, first, last],
  );
  return z.array(logRow).parse(rows);
}

/**
 * The highest log number of a ticket such that no lower one can still appear; call it inside a transaction.
 * Only rows up to it may be folded into a snapshot: a lower number that commits later would otherwise be skipped
 * for ever. The lock waits for those who hold a number that they have not committed.
 */
export async function readSettledSeq(tx: Queryable, ticketId: string): Promise<number> {
  await tx.query('SELECT 1 FROM tickets WHERE id = $1 FOR UPDATE', [ticketId]);
  const { rows } = await tx.query(
    'SELECT coalesce(max(seq), 0) AS seq FROM description_updates WHERE ticket_id = $1',
    [ticketId],
  );
  return z.object({ seq: z.number() }).parse(rows[0]).seq;
}

/** Stores a snapshot unless a newer one is there. Says whether it was stored. */
export async function storeSnapshot(tx: Queryable, ticketId: string, snapshot: Snapshot): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO descriptions (id, project_id, schema_version, snapshot, state_vector, upto, updated_at)
     SELECT id, project_id, $2, $3, $4, $5, now() FROM tickets WHERE id = $1
     ON CONFLICT (id) DO UPDATE SET snapshot = excluded.snapshot, state_vector = excluded.state_vector,
       upto = excluded.upto, updated_at = excluded.updated_at,
       schema_version = greatest(descriptions.schema_version, excluded.schema_version)
     WHERE descriptions.upto < excluded.upto`,
    [ticketId, snapshot.schemaVersion, snapshot.bytes, snapshot.stateVector, snapshot.upto],
  );
  return rowCount === 1;
}

/** Puts the description's words where lists and search find them. */
export async function storeText(tx: Queryable, ticketId: string, text: string): Promise<void> {
  await tx.query(
    `UPDATE tickets SET description_text = $2, updated_at = now()
     WHERE id = $1 AND description_text IS DISTINCT FROM $2`,
    [ticketId, text],
  );
}

/** Raises a description's schema version before content that needs it is stored (D7). */
export async function raiseSchemaVersion(tx: Queryable, ticketId: string, version: number): Promise<void> {
  await tx.query(
    `INSERT INTO descriptions (id, project_id, schema_version, snapshot, state_vector)
     SELECT id, project_id, $2, '\\x0000', '\\x00' FROM tickets WHERE id = $1
     ON CONFLICT (id) DO UPDATE SET schema_version = greatest(descriptions.schema_version, excluded.schema_version)`,
    [ticketId, version],
  );
}

/** Tickets whose log goes on after their snapshot: what a crash left to fold. */
export async function ticketsToCompact(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query(
    `SELECT t.id FROM tickets t LEFT JOIN descriptions d ON d.id = t.id
     WHERE (SELECT max(seq) FROM description_updates u WHERE u.ticket_id = t.id) > coalesce(d.upto, 0)`,
  );
  return z
    .array(idRow)
    .parse(rows)
    .map(({ id }) => id);
}

/** The same for rows stored between two moments of the database's clock; quick, however long the logs are. */
export async function unfoldedTickets(tx: Queryable, from: Date, to: Date): Promise<string[]> {
  const { rows } = await tx.query(
    `SELECT DISTINCT u.ticket_id AS id FROM description_updates u LEFT JOIN descriptions d ON d.id = u.ticket_id
     WHERE u.created_at >= $1 AND u.created_at < $2 AND u.seq > coalesce(d.upto, 0)`,
    [from, to],
  );
  return z
    .array(idRow)
    .parse(rows)
    .map(({ id }) => id);
}

/** What the database's clock says. */
export async function readClock(tx: Queryable): Promise<Date> {
  const { rows } = await tx.query('SELECT clock_timestamp() AS now');
  return z.object({ now: z.date() }).parse(rows[0]).now;
}

/** Tells every node that listens, at once. */
export async function notifyAll(tx: Queryable, channel: string, payloads: readonly string[]): Promise<void> {
  await tx.query({
    name: 'collab-notify',
    text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload',
    values: [channel, payloads],
  });
}

/** The ticket a description belongs to, or null when there is none. */
export async function readTicket(
  tx: Queryable,
  ticketId: string,
): Promise<{ projectId: string; isInTrash: boolean } | null> {
  const { rows } = await tx.query({
    name: 'collab-ticket',
    text: 'SELECT project_id, deleted_at IS NOT NULL AS is_in_trash FROM tickets WHERE id = $1',
    values: [ticketId],
  });
  const row = ticketRow.optional().parse(rows[0]);
  return row ? { projectId: row.project_id, isInTrash: row.is_in_trash } : null;
}

const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);
const appendAnswer = z.object({ tickets: z.array(z.string()) });
const idRow = z.object({ id: z.string() });
const logRow = z.object({ seq: z.number(), update: bytes });
const packed = { packed: bytes.nullable().transform((rows) => rows ?? new Uint8Array()) };
const packedState = z.union([
  z
    .object({ snapshot: bytes, state_vector: bytes, schema_version: z.number(), upto: z.number(), ...packed })
    .transform(
      (row): PackedState => ({
        snapshot: {
          bytes: row.snapshot,
          stateVector: row.state_vector,
          upto: row.upto,
          schemaVersion: row.schema_version,
        },
        rows: row.packed,
      }),
    ),
  z
    .object({ snapshot: z.null(), ...packed })
    .transform((row): PackedState => ({ snapshot: null, rows: row.packed })),
]);
const ticketRow = z.object({ project_id: z.string(), is_in_trash: z.boolean() });
