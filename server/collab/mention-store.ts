import { z } from 'zod';
import type { Queryable } from './store.ts';

/** All SQL about whom descriptions mention. */

const memberRow = z.object({ user_id: z.string(), project_id: z.string(), times: z.number() });

/** Those of these people who may read the ticket, with how often at once it has mentioned each; and its project. */
export async function readToldMembers(tx: Queryable, ticketId: string, people: readonly string[]) {
  const { rows } = await tx.query(
    `SELECT m.user_id, m.project_id, coalesce(d.times, 0) AS times
     FROM tickets t JOIN members m ON m.project_id = t.project_id
     LEFT JOIN description_mentions d ON d.ticket_id = t.id AND d.person_id = m.user_id
     WHERE t.id = $1 AND m.user_id = ANY($2::text[])`,
    [ticketId, people],
  );
  const members = z.array(memberRow).parse(rows);
  return {
    projectId: members[0]?.project_id ?? null,
    told: new Map(members.map(({ user_id, times }) => [user_id, times])),
  };
}

/** Remembers how often a description mentions people; a number never falls. */
export async function noteMentions(
  tx: Queryable,
  ticketId: string,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  await tx.query(
    `INSERT INTO description_mentions AS d (ticket_id, person_id, times)
     SELECT $1, person, times FROM unnest($2::text[], $3::int[]) AS g (person, times)
     ON CONFLICT (ticket_id, person_id) DO UPDATE SET times = greatest(d.times, excluded.times)`,
    [ticketId, [...counts.keys()], [...counts.values()]],
  );
}

const authorRow = z.object({ seq: z.number(), author_id: z.string() });

/** Who wrote these rows of a ticket's log. */
export async function readAuthors(
  tx: Queryable,
  ticketId: string,
  seqs: readonly number[],
): Promise<Map<number, string>> {
  const { rows } = await tx.query(
    'SELECT seq, author_id FROM description_updates WHERE ticket_id = $1 AND seq = ANY($2::bigint[])',
    [ticketId, seqs],
  );
  return new Map(
    z
      .array(authorRow)
      .parse(rows)
      .map(({ seq, author_id }) => [seq, author_id]),
  );
}
