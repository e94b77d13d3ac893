import type pg from 'pg';
import { z } from 'zod';
import { toJsonb } from '../db/jsonb.ts';
import type { MeetingResult } from './history-job.ts';
import { type DescriptionReviewRow, descriptionReviewRow } from './rows.ts';

/** All SQL about description reviews. */

export interface NewDescriptionReview {
  readonly id: string;
  readonly projectId: string;
  readonly ticketId: string;
  readonly meetingId: string;
  readonly authorId: string;
  readonly theirAuthorIds: readonly string[];
  readonly overlaps: MeetingResult['overlaps'];
}

/** Asks people to look at what both sides changed. */
export async function openReview(
  tx: Pick<pg.ClientBase, 'query'>,
  review: NewDescriptionReview,
): Promise<void> {
  await tx.query(
    `INSERT INTO description_reviews (id, project_id, ticket_id, meeting_id, author_id, their_author_ids, blocks)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      review.id,
      review.projectId,
      review.ticketId,
      review.meetingId,
      review.authorId,
      JSON.stringify(review.theirAuthorIds),
      toJsonb(review.overlaps),
    ],
  );
}

/** The reviews with these ids, locked until the transaction ends. */
export async function lockReviews(
  tx: pg.ClientBase,
  ids: readonly string[],
): Promise<DescriptionReviewRow[]> {
  const { rows } = await tx.query(
    `SELECT to_jsonb(r) AS row FROM description_reviews r WHERE r.id = ANY($1::uuid[]) ORDER BY r.id FOR UPDATE`,
    [ids],
  );
  return z
    .array(z.object({ row: descriptionReviewRow }))
    .parse(rows)
    .map(({ row }) => row);
}

export async function resolveReviews(
  tx: pg.ClientBase,
  rows: readonly DescriptionReviewRow[],
): Promise<void> {
  await tx.query(
    `UPDATE description_reviews d SET state = r.state, resolution = r.resolution, resolved_by = r.resolved_by,
       resolved_at = r.resolved_at
     FROM jsonb_populate_recordset(NULL::description_reviews, $1::jsonb) r WHERE d.id = r.id`,
    [toJsonb(rows)],
  );
}
