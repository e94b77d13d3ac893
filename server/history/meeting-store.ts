import type pg from 'pg';
import { z } from 'zod';

/** All SQL about meetings. */

/** Where the two sides stood just before they merged, as encoded Yjs snapshots. */
export interface MeetingPoints {
  readonly theirs: Uint8Array;
  readonly yours: Uint8Array;
}

export interface NewMeeting extends MeetingPoints {
  readonly ticketId: string;
  /** Who came back. */
  readonly authorId: string;
}

export interface Meeting extends NewMeeting {
  readonly id: string;
  readonly projectId: string;
  /** The last log row with what the device brought. */
  readonly seq: number;
  readonly metAt: Date;
}

/** Call it in the transaction that appends what the device brought, after that: both are stored, or neither is. */
export async function recordMeetings(
  tx: Pick<pg.ClientBase, 'query'>,
  meetings: readonly NewMeeting[],
): Promise<void> {
  await tx.query(
    `INSERT INTO description_meetings (ticket_id, author_id, theirs, yours, seq)
     SELECT t.id, g.author, g.theirs, g.yours, (SELECT coalesce(max(seq), 0) FROM description_updates WHERE ticket_id = t.id)
     FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[]) AS g (ticket, author, theirs, yours)
     JOIN tickets t ON t.id = g.ticket ON CONFLICT DO NOTHING`,
    [
      meetings.map((meeting) => meeting.ticketId),
      meetings.map((meeting) => meeting.authorId),
      meetings.map((meeting) => meeting.theirs),
      meetings.map((meeting) => meeting.yours),
    ],
  );
}

/** The oldest meeting that nobody has looked at; it stays locked until the transaction ends. */
export async function takeMeeting(tx: pg.ClientBase): Promise<Meeting | null> {
  const { rows } = await tx.query(
    `SELECT m.id, m.ticket_id, t.project_id, m.author_id, m.theirs, m.yours, m.seq, m.met_at
     FROM description_meetings m JOIN tickets t ON t.id = m.ticket_id
     WHERE m.settled_at IS NULL AND (m.failed_at IS NULL OR m.failed_at < now() - interval '10 minutes')
     ORDER BY m.met_at LIMIT 1 FOR UPDATE OF m SKIP LOCKED`,
  );
  return meetingRow.nullable().parse(rows[0] ?? null);
}

export async function settleMeeting(tx: pg.ClientBase, id: string): Promise<void> {
  await tx.query('UPDATE description_meetings SET settled_at = now() WHERE id = $1', [id]);
}

/** Puts a meeting off that could not be looked at, so that the others get their turn. */
export async function postponeMeeting(tx: pg.ClientBase, id: string): Promise<void> {
  await tx.query('UPDATE description_meetings SET failed_at = now() WHERE id = $1', [id]);
}

/** Those of these people who are in the project now: nobody else hears of what is in it. */
export async function readMembers(
  tx: Pick<pg.ClientBase, 'query'>,
  projectId: string,
  people: readonly string[],
): Promise<string[]> {
  const { rows } = await tx.query(
    'SELECT user_id FROM members WHERE project_id = $1 AND user_id = ANY($2::text[]) ORDER BY user_id',
    [projectId, people],
  );
  return z
    .array(z.object({ user_id: z.string() }))
    .parse(rows)
    .map((row) => row.user_id);
}

/** The numbers after which a new session of editing begins, because a device came back there. */
export async function meetingSeqs(pool: Pick<pg.Pool, 'query'>, ticketId: string): Promise<number[]> {
  const { rows } = await pool.query('SELECT seq FROM description_meetings WHERE ticket_id = $1', [ticketId]);
  return z
    .array(z.object({ seq: z.number() }))
    .parse(rows)
    .map((row) => row.seq);
}

const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);
const meetingRow = z
  .object({
    id: z.string(),
    ticket_id: z.string(),
    project_id: z.string(),
    author_id: z.string(),
    theirs: bytes,
    yours: bytes,
    seq: z.number(),
    met_at: z.date(),
  })
  .transform(
    (row): Meeting => ({
      id: row.id,
      ticketId: row.ticket_id,
      projectId: row.project_id,
      authorId: row.author_id,
      theirs: row.theirs,
      yours: row.yours,
      seq: row.seq,
      metAt: row.met_at,
    }),
  );
