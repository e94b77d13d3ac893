import { z } from 'zod';
import { overlapResolution } from '../../shared/protocol/overlaps.ts';

/** A description review as an upload may change it. */
export const descriptionReviewRow = z.object({
  id: z.string(),
  project_id: z.string(),
  ticket_id: z.string(),
  state: z.enum(['open', 'resolved']),
  resolution: overlapResolution.nullable(),
  resolved_by: z.string().nullable(),
  resolved_at: z.string().nullable(),
});
export type DescriptionReviewRow = z.infer<typeof descriptionReviewRow>;
