import type pg from 'pg';
import { z } from 'zod';
import {
  VERSION_KINDS,
  type VersionEntry,
  type VersionKind,
  versionDocument,
  versionEntry,
} from '../../shared/protocol/versions.ts';
import { toJsonb } from '../db/jsonb.ts';
import type { Session } from './log-store.ts';

/** All SQL about versions that are kept as documents. */

type Queryable = Pick<pg.ClientBase, 'query'>;
type Document = z.infer<typeof versionDocument>['document'];

export interface NewVersion {
  /** Where its keeper may ask twice: the same version, kept once. */
  readonly id?: string;
  readonly ticketId: string;
  readonly kind: VersionKind;
  /** The last log row that is in it, or was there when it was kept. */
  readonly seq: number;
  readonly authors: VersionEntry['authors'];
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly document: Document;
  readonly reviewId: string | null;
}

/** A kept version as the list shows it, and its place in the log. */
export type KeptVersion = VersionEntry & { readonly seq: number };

export async function keepVersions(tx: Queryable, versions: readonly NewVersion[]): Promise<void> {
  for (const version of versions) await keepVersion(tx, version);
}

/** Returns the version's id. One that is there already says from now on that it was kept now. */
export async function keepVersion(tx: Queryable, version: NewVersion): Promise<string> {
  const { rows } = await tx.query(
    `INSERT INTO description_versions (id, ticket_id, kind, seq, authors, started_at, ended_at, document, review_id)
     VALUES (coalesce($1, gen_random_uuid()), $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (id) DO UPDATE SET authors = excluded.authors, started_at = excluded.started_at, ended_at = excluded.ended_at
     RETURNING id`,
    [
      version.id ?? null,
      version.ticketId,
      version.kind,
      version.seq,
      JSON.stringify(version.authors),
      version.startedAt,
      version.endedAt,
      toJsonb(version.document),
      version.reviewId,
    ],
  );
  return z.object({ id: z.string() }).parse(rows[0]).id;
}

export async function readKeptVersions(db: Queryable, ticketId: string): Promise<KeptVersion[]> {
  const { rows } = await db.query(
    `SELECT id, kind, seq, authors, started_at, ended_at, review_id FROM description_versions
     WHERE ticket_id = $1 ORDER BY ended_at, seq`,
    [ticketId],
  );
  return z.array(keptRow).parse(rows);
}

/** Null when this ticket has no such version. */
export async function readKeptDocument(
  db: Queryable,
  ticketId: string,
  versionId: string,
): Promise<Document | null> {
  const { rows } = await db.query(
    'SELECT document FROM description_versions WHERE ticket_id = $1 AND id = $2',
    [ticketId, versionId],
  );
  return versionDocument.optional().parse(rows[0])?.document ?? null;
}

/** What was added to a session's authors is theirs alone; the rest is as in the log. */
export const authorsOf = ({ authors }: Session): VersionEntry['authors'] =>
  authors.map(({ id, startedAt, endedAt, edits }) => ({
    id,
    started_at: startedAt.toISOString(),
    ended_at: endedAt.toISOString(),
    edits,
  }));

const instant = z.date().transform((date) => date.toISOString());
const keptRow = z.object({
  id: z.string(),
  kind: z.enum(VERSION_KINDS),
  seq: z.number(),
  authors: versionEntry.shape.authors,
  started_at: instant,
  ended_at: instant,
  review_id: z.string().nullable(),
});
