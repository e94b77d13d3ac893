import type { FieldValue, RuleName } from '../tickets/fields.ts';
import { isTerminal, PRIORITIES, STATUSES } from '../tickets/ticket.ts';

/** A concurrent edit: what its author saw, what stands now, and what they wrote all differ. */
export interface Contest {
  readonly base: FieldValue;
  readonly current: FieldValue;
  readonly incoming: FieldValue;
}

export type Ruling = 'incoming' | 'current' | 'review';
export type Rule = (contest: Contest) => Ruling;

export const RULES: Readonly<Record<RuleName, Rule>> = {
  'terminal-wins': terminalWins,
  'higher-wins': higherWins,
};

/**
 * C7: a stale edit never reopens a finished ticket, unless its author saw it finished. Two different ends are a
 * question for a person. Among unfinished states the later edit stands.
 */
function terminalWins({ base, current, incoming }: Contest): Ruling {
  if (!isEnd(current)) return 'incoming';
  if (isEnd(incoming)) return 'review';
  return isEnd(base) ? 'incoming' : 'current';
}

/** C8: of two priorities chosen at once, the more urgent stands. */
function higherWins({ current, incoming }: Contest): Ruling {
  return urgency(incoming) > urgency(current) ? 'incoming' : 'current';
}

function isEnd(value: FieldValue): boolean {
  const status = STATUSES.find((known) => known === value);
  return status !== undefined && isTerminal(status);
}

const LEAST_URGENT_FIRST: readonly FieldValue[] = PRIORITIES;
const urgency = (value: FieldValue): number => LEAST_URGENT_FIRST.indexOf(value);
