import { z } from 'zod';
import { type OverlapResolution, overlapList, overlapResolution } from '../../shared/protocol/overlaps.ts';
import { optionalText, readJson, text } from './rows.ts';

/** A review of a description's overlaps, as SQLite holds it: lists are JSON texts; see {@link readOverlapReview}. */
export const descriptionReviewRow = z.object({
  id: z.string(),
  project_id: text,
  ticket_id: text,
  author_id: text,
  their_author_ids: text,
  blocks: text,
  state: z.enum(['open', 'resolved']).catch('open'),
  resolution: optionalText,
  resolved_by: optionalText,
  resolved_at: optionalText,
  opened_at: text,
});
export type DescriptionReviewRow = z.output<typeof descriptionReviewRow>;

export type OverlapBlock = z.output<typeof overlapList>[number];

/** Blocks of one description that two sides changed while apart, until somebody settles them (D11, D12). */
export interface OverlapReview {
  readonly id: string;
  readonly projectId: string;
  readonly ticketId: string;
  /** Whose device came back. */
  readonly authorId: string;
  /** Who had changed the description meanwhile. */
  readonly theirAuthorIds: readonly string[];
  readonly blocks: readonly OverlapBlock[];
  readonly state: 'open' | 'resolved';
  /** What was chosen; by whom is known once the server has it. */
  readonly resolution: OverlapResolution | null;
  readonly resolvedBy: string | null;
  readonly resolvedAt: string | null;
  readonly openedAt: string;
}

/** Null for a row that this version of Rejoin cannot read. */
export function readOverlapReview(row: DescriptionReviewRow): OverlapReview | null {
  const blocks = overlapList.safeParse(readJson(row.blocks));
  if (!blocks.success || blocks.data.length === 0) return null;
  return {
    id: row.id,
    projectId: row.project_id,
    ticketId: row.ticket_id,
    authorId: row.author_id,
    theirAuthorIds: z.array(z.string()).catch([]).parse(readJson(row.their_author_ids)),
    blocks: blocks.data,
    state: row.state,
    resolution: overlapResolution.nullable().catch(null).parse(readJson(row.resolution)),
    resolvedBy: row.resolved_by,
    resolvedAt: row.resolved_at,
    openedAt: row.opened_at,
  };
}
