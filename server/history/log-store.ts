import type pg from 'pg';
import { z } from 'zod';
import type { HistoryRow } from './history-job.ts';

/** All SQL of the history about the update log, which the description service writes, and what stands for its past. */

type Queryable = Pick<pg.Pool, 'query'>;

export interface History {
  readonly foundation: Uint8Array | null;
  /** The last row that the foundation stands for: only from there on can be told what the description was. */
  readonly from: number;
  readonly rows: HistoryRow[];
}

/**
 * Everything that was ever written into a description, up to a row; the foundation too, where it goes further. One
 * statement: between two of them a fold could take away what the second was to read.
 */
export async function readHistory(
  db: Queryable,
  ticketId: string,
  upto = Number.MAX_SAFE_INTEGER,
): Promise<History> {
  const { rows } = await db.query(
    `SELECT true AS is_foundation, upto AS seq, '' AS author_id, state AS update
     FROM description_foundations WHERE ticket_id = $1
     UNION ALL
     SELECT false, seq, author_id, update FROM description_updates WHERE ticket_id = $1 AND seq <= $2
     ORDER BY is_foundation DESC, seq`,
    [ticketId, upto],
  );
  const read = z.array(logRow).parse(rows);
  const foundation = read[0]?.isFoundation ? read.shift() : undefined;
  return { foundation: foundation?.update ?? null, from: foundation?.seq ?? 0, rows: read };
}

/** One person's part in a session of editing. */
export interface SessionAuthor {
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** Updates: keystrokes or so. */
  readonly edits: number;
}

/** People who wrote without a longer pause: what a person takes for one version. */
export interface Session {
  /** The last log row in it. */
  readonly seq: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly authors: SessionAuthor[];
}

/** After a pause this long, what follows is another version. */
const PAUSE = '5 minutes';

/**
 * The log as sessions of editing, the oldest first (D13).
 * @param breaks log rows after which a new session begins in any case
 */
export async function readSessions(
  db: Queryable,
  ticketId: string,
  breaks: readonly number[],
): Promise<Session[]> {
  const { rows } = await db.query(
    `WITH marked AS (
       SELECT seq, author_id, created_at, lag(created_at) OVER w AS before_at, lag(seq) OVER w AS before_seq
       FROM description_updates WHERE ticket_id = $1 WINDOW w AS (ORDER BY seq)),
     numbered AS (
       SELECT seq, author_id, created_at, count(*) FILTER (WHERE created_at - before_at > interval '${PAUSE}'
         OR EXISTS (SELECT 1 FROM unnest($2::bigint[]) AS b WHERE b >= before_seq AND b < marked.seq))
         OVER (ORDER BY seq) AS session FROM marked)
     SELECT session, author_id, max(seq) AS seq, min(created_at) AS started_at, max(created_at) AS ended_at,
       count(*)::int AS edits FROM numbered GROUP BY session, author_id ORDER BY session, min(seq)`,
    [ticketId, breaks],
  );
  const sessions = new Map<number, Session>();
  for (const row of z.array(partRow).parse(rows)) {
    const author = { id: row.author_id, startedAt: row.started_at, endedAt: row.ended_at, edits: row.edits };
    const known = sessions.get(row.session);
    sessions.set(row.session, {
      seq: Math.max(known?.seq ?? 0, row.seq),
      startedAt: earlier(known?.startedAt, row.started_at),
      endedAt: later(known?.endedAt, row.ended_at),
      authors: [...(known?.authors ?? []), author],
    });
  }
  return [...sessions.values()];
}

/** Tickets with log rows from before a time that their snapshot holds, and that no meeting waits for. */
export async function ticketsWithOldRows(db: Queryable, before: Date): Promise<string[]> {
  const { rows } = await db.query(
    `SELECT DISTINCT u.ticket_id FROM description_updates u JOIN descriptions d ON d.id = u.ticket_id
     WHERE u.created_at < $1 AND u.seq <= d.upto AND NOT EXISTS (
       SELECT 1 FROM description_meetings m WHERE m.ticket_id = u.ticket_id AND m.settled_at IS NULL)`,
    [before],
  );
  return z
    .array(z.object({ ticket_id: z.string() }))
    .parse(rows)
    .map((row) => row.ticket_id);
}

/** How far the ticket's snapshot goes: rows after it are still needed to open the description. */
export async function readSnapshotSeq(db: Queryable, ticketId: string): Promise<number> {
  const { rows } = await db.query('SELECT upto FROM descriptions WHERE id = $1', [ticketId]);
  return z.object({ upto: z.number() }).optional().parse(rows[0])?.upto ?? 0;
}

export async function isInLog(db: Queryable, ticketId: string, seq: number): Promise<boolean> {
  const sql = 'SELECT 1 FROM description_updates WHERE ticket_id = $1 AND seq = $2';
  const { rowCount } = await db.query(sql, [ticketId, seq]);
  return rowCount === 1;
}

/** The number of the last log row; 0 for a description that nobody has written into. */
export async function readLastSeq(db: Queryable, ticketId: string): Promise<number> {
  const { rows } = await db.query(
    `SELECT greatest((SELECT max(seq) FROM description_updates WHERE ticket_id = $1),
       (SELECT upto FROM description_foundations WHERE ticket_id = $1), 0) AS seq`,
    [ticketId],
  );
  return z.object({ seq: z.number() }).parse(rows[0]).seq;
}

/** Lets one state stand for all rows up to a number, and removes them. */
export async function layFoundation(
  tx: pg.ClientBase,
  ticketId: string,
  upto: number,
  state: Uint8Array,
): Promise<void> {
  await tx.query(
    `INSERT INTO description_foundations (ticket_id, upto, state) VALUES ($1, $2, $3)
     ON CONFLICT (ticket_id) DO UPDATE SET upto = excluded.upto, state = excluded.state`,
    [ticketId, upto, state],
  );
  await tx.query('DELETE FROM description_updates WHERE ticket_id = $1 AND seq <= $2', [ticketId, upto]);
}

const earlier = (a: Date | undefined, b: Date): Date => (a && a < b ? a : b);
const later = (a: Date | undefined, b: Date): Date => (a && a > b ? a : b);

// Copies: a view would take the whole network buffer it looks into along to the worker thread.
const bytes = z.instanceof(Uint8Array<ArrayBufferLike>).transform((view) => new Uint8Array(view));
const logRow = z
  .object({ is_foundation: z.boolean(), seq: z.number(), author_id: z.string(), update: bytes })
  .transform(({ is_foundation, seq, author_id, update }) => ({
    isFoundation: is_foundation,
    seq,
    authorId: author_id,
    update,
  }));
const partRow = z.object({
  session: z.number(),
  author_id: z.string(),
  seq: z.number(),
  started_at: z.date(),
  ended_at: z.date(),
  edits: z.number(),
});
