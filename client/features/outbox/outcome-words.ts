import type { Outcome } from '../../../shared/protocol/upload.ts';

/** What became of an op, in a word or two. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  applied: 'Taken up',
  unchanged: 'Nothing to change',
  merged: 'Merged',
  kept: 'The other value was kept',
  review: 'Needs review',
  rejected: 'Not accepted',
};
