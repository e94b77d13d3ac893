import { z } from 'zod';

/** A ProseMirror node, as a description's schema or a newer one has it. */
const node = z.looseObject({ type: z.string() });
const version = node.nullable();

/** One block that both sides changed while apart, as it stands in each version; null where it is not there (D11). */
export const overlap = z.object({
  id: z.string(),
  kind: z.enum(['both-changed', 'deleted-by-them', 'deleted-by-you']),
  base: node,
  theirs: version,
  yours: version,
  merged: version,
  before: z.array(z.string()),
});

/** The column `blocks` of a description review, parsed. */
export const overlapList = z.array(overlap);

/**
 * What a person chose for each block, by its id (D12): which side they took, and what stands there now.
 * The text itself reaches the description as a normal change; this records it.
 */
export const overlapResolution = z.array(
  z.object({ id: z.string(), choice: z.enum(['merge', 'theirs', 'yours', 'edited']), nodes: z.array(node) }),
);
export type OverlapResolution = z.infer<typeof overlapResolution>;
export type OverlapChoice = OverlapResolution[number]['choice'];
