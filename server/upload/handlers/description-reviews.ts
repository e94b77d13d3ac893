import { can } from '../../../shared/permissions/can.ts';
import { overlapResolution } from '../../../shared/protocol/overlaps.ts';
import type { DescriptionReviewRow } from '../../history/rows.ts';
import { APPLIED, UNCHANGED } from '../answer.ts';
import { nameOf } from '../field-values.ts';
import { type Handler, handled, notFromQueue, refuse, unknownColumns } from '../handler.ts';
import { trace } from '../trace.ts';

const UNKNOWN_REVIEW = 'This overlap does not exist, or it is in a project you are not a member of.';
const COLUMNS: readonly string[] = ['state', 'resolution', 'resolved_by', 'resolved_at'];

/**
 * A person settles an overlap of a description, online or off (D12). The text they chose travels with the
 * description, as any edit of it; this records what was chosen.
 */
export const handleDescriptionReview: Handler = (op, judgement) => {
  if (op.verb !== 'PATCH') return notFromQueue('Overlaps can only be settled.');
  const { actor, draft, now } = judgement;
  const review = draft.descriptionReviews.get(op.id);
  if (!review || !actor.roles.has(review.project_id)) return refuse(UNKNOWN_REVIEW);
  const place = { projectId: review.project_id, ticketId: review.ticket_id };
  const allowed = can(actor, 'description.edit', { projectId: review.project_id });
  if (!allowed.allowed) return refuse(allowed.reason, place);
  const unknown = unknownColumns(op, (column) => COLUMNS.includes(column));
  if (unknown !== null) return refuse(unknown, place);
  const resolution = readResolution(op.data.resolution);
  if (op.data.state !== 'resolved' || !resolution) {
    return refuse('This answer does not say what was chosen. Settle the overlap again.', place);
  }
  if (review.state === 'resolved') return tooLate(review, resolution, nameOf(judgement, review.resolved_by));
  draft.descriptionReviews.put({
    ...review,
    state: 'resolved',
    resolution,
    resolved_by: actor.userId,
    resolved_at: now,
  });
  trace(judgement, op, {
    project_id: review.project_id,
    ticket_id: review.ticket_id,
    subject: 'description',
    subject_id: review.id,
    action: 'resolved',
    outcome: 'applied',
  });
  return handled(APPLIED);
};

/** The first answer is on record (C13); what the second put into the text is in the text, and in its history. */
function tooLate(
  review: DescriptionReviewRow,
  resolution: DescriptionReviewRow['resolution'],
  who: string | null,
) {
  if (JSON.stringify(review.resolution) === JSON.stringify(resolution)) return handled(UNCHANGED);
  const reason = `${who ?? 'Somebody'} settled this overlap first. Your words are in the description and its history: see whether both fit.`;
  return handled({ outcome: 'kept', reason });
}

function readResolution(value: unknown): DescriptionReviewRow['resolution'] {
  try {
    const json: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return overlapResolution.safeParse(json).data ?? null;
  } catch {
    return null;
  }
}
