import type pg from 'pg';
import { z } from 'zod';
import { SCHEMA_VERSION } from '../../shared/description/schema.ts';

/**
 * What an import writes: whole batches in one statement a table, with the dates of the source. The tables' own
 * modules write single changes made now.
 */

export interface ImportedTicket {
  readonly id: string;
  readonly source_id: string;
  readonly number: number;
  readonly title: string;
  readonly status: string;
  readonly priority: unknown;
  readonly due_on: unknown;
  readonly estimate: unknown;
  readonly assignee_id: string | null;
  readonly description_text: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface ImportedComment {
  readonly id: string;
  readonly ticket_id: string;
  readonly author_id: string;
  readonly body: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface ImportedDescription {
  readonly ticketId: string;
  readonly snapshot: Uint8Array;
  readonly stateVector: Uint8Array;
  readonly updatedAt: Date;
}

/** Which of these lines an import has brought to this project before. */
export async function readKnownSources(
  db: Pick<pg.ClientBase, 'query'>,
  projectId: string,
  sourceIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.query(
    'SELECT source_id FROM imported_tickets WHERE project_id = $1 AND source_id = ANY($2::text[])',
    [projectId, sourceIds],
  );
  return new Set(
    z
      .array(z.object({ source_id: z.string() }))
      .parse(rows)
      .map((row) => row.source_id),
  );
}

export async function insertTickets(
  tx: pg.ClientBase,
  projectId: string,
  tickets: readonly ImportedTicket[],
): Promise<void> {
  const json = JSON.stringify(tickets);
  await tx.query(
    `INSERT INTO tickets (id, project_id, number, title, status, priority, due_on, estimate, assignee_id,
       description_text, created_by, created_at, updated_at)
     SELECT id, $2, number, title, status, priority, due_on, estimate, assignee_id,
       description_text, created_by, created_at, updated_at
     FROM jsonb_populate_recordset(NULL::tickets, $1::jsonb)`,
    [json, projectId],
  );
  await tx.query(
    `INSERT INTO imported_tickets (project_id, source_id, ticket_id)
     SELECT $2, source_id, id FROM jsonb_to_recordset($1::jsonb) AS given (source_id text, id uuid)`,
    [json, projectId],
  );
}

/** Each is the first row of its log as well: the history and the overlap review know only what the log holds. */
export async function insertDescriptions(
  tx: pg.ClientBase,
  projectId: string,
  descriptions: readonly ImportedDescription[],
): Promise<void> {
  await tx.query(
    `WITH given AS (
       SELECT * FROM unnest($3::uuid[], $4::bytea[], $5::bytea[], $6::timestamptz[])
         AS given (id, snapshot, state_vector, updated_at)),
     logged AS (
       INSERT INTO description_updates (ticket_id, update, author_id)
       SELECT id, snapshot, created_by FROM given JOIN tickets USING (id)
       RETURNING ticket_id AS id, seq)
     INSERT INTO descriptions (id, project_id, schema_version, snapshot, state_vector, updated_at, upto)
     SELECT id, $1, $2, snapshot, state_vector, given.updated_at, seq FROM given JOIN logged USING (id)`,
    [
      projectId,
      SCHEMA_VERSION,
      descriptions.map((row) => row.ticketId),
      descriptions.map((row) => row.snapshot),
      descriptions.map((row) => row.stateVector),
      descriptions.map((row) => row.updatedAt),
    ],
  );
}

export async function insertComments(
  tx: pg.ClientBase,
  projectId: string,
  comments: readonly ImportedComment[],
): Promise<void> {
  await tx.query(
    `INSERT INTO comments (id, project_id, ticket_id, author_id, body, created_at, updated_at)
     SELECT id, $2, ticket_id, author_id, body, created_at, updated_at
     FROM jsonb_populate_recordset(NULL::comments, $1::jsonb)`,
    [JSON.stringify(comments), projectId],
  );
}

/** Makes the labels that are missing; the id of each name, also where somebody made it with other capitals. */
export async function ensureLabels(
  tx: pg.ClientBase,
  projectId: string,
  labels: readonly { id: string; name: string; color: string }[],
): Promise<Map<string, string>> {
  const json = JSON.stringify(labels);
  await tx.query(
    `INSERT INTO labels (id, project_id, name, color)
     SELECT id, $2, name, color FROM jsonb_populate_recordset(NULL::labels, $1::jsonb)
     ORDER BY id ON CONFLICT DO NOTHING`,
    [json, projectId],
  );
  const { rows } = await tx.query(
    `SELECT given.name, l.id FROM jsonb_to_recordset($1::jsonb) AS given (id uuid, name text)
     JOIN labels l ON l.project_id = $2 AND (l.id = given.id OR lower(l.name) = lower(given.name))`,
    [json, projectId],
  );
  const found = z.array(z.object({ name: z.string(), id: z.string() })).parse(rows);
  return new Map(found.map((row) => [row.name, row.id]));
}

export async function insertTicketLabels(
  tx: pg.ClientBase,
  projectId: string,
  pairs: readonly { id: string; ticket_id: string; label_id: string }[],
): Promise<void> {
  await tx.query(
    `INSERT INTO ticket_labels (id, project_id, ticket_id, label_id)
     SELECT id, $2, ticket_id, label_id FROM jsonb_populate_recordset(NULL::ticket_labels, $1::jsonb)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(pairs), projectId],
  );
}
