import type { OpOutcome, Outcome } from '../../shared/protocol/upload.ts';

/** What became of one field or row that an op names. */
export interface Answer {
  readonly outcome: Exclude<Outcome, 'rejected'>;
  /** A sentence for the author; null where nothing needs saying. */
  readonly reason: string | null;
  readonly conflictId?: string;
}

export const APPLIED: Answer = { outcome: 'applied', reason: null };
export const UNCHANGED: Answer = { outcome: 'unchanged', reason: null };

/** The outcome of a whole op is that of its part which most needs its author's eye. */
const BY_WEIGHT: readonly Answer['outcome'][] = ['review', 'kept', 'merged', 'applied', 'unchanged'];

/** Makes one answer of an op's parts (C14). An op that named nothing to do changed nothing. */
export function combineAnswers(opId: number, parts: readonly Answer[]): OpOutcome {
  const outcome = BY_WEIGHT.find((weight) => parts.some((part) => part.outcome === weight)) ?? 'unchanged';
  const reasons = [...new Set(parts.flatMap((part) => part.reason ?? []))];
  const conflictId = parts.find((part) => part.conflictId !== undefined)?.conflictId;
  return {
    op_id: opId,
    outcome,
    reason: reasons.length > 0 ? reasons.join(' ') : null,
    ...(conflictId !== undefined && { conflict_id: conflictId }),
  };
}

export const rejected = (opId: number, reason: string): OpOutcome => ({
  op_id: opId,
  outcome: 'rejected',
  reason,
});
