import type { FieldValue, Policy, RuleName } from '../tickets/fields.ts';
import { type FieldEdit, isNoEdit } from './fold.ts';
import { RULES } from './rules.ts';

/** An edit meets the server's value, under the policy its project has for the field. */
export interface Meeting extends FieldEdit {
  readonly policy: Policy;
  readonly rule: RuleName | undefined;
  readonly current: FieldValue;
}

/** What decided between two values: a policy, or the name of the rule. */
export type Decider = 'last-write-wins' | 'review' | RuleName;

export type Decision =
  /** Nothing to do: the author ended where they began, or wrote what already stands. */
  | { readonly kind: 'unchanged' }
  /** The value to store. `overwrites` is what a concurrent edit replaced, and by what; null when nobody's was. */
  | { readonly kind: 'apply'; readonly value: FieldValue; readonly overwrites: Overwritten | null }
  /** Current stays, by a rule; the incoming value goes to the activity log. */
  | { readonly kind: 'keep'; readonly rule: RuleName }
  /** Current stays until a person has chosen. */
  | { readonly kind: 'review' };

export interface Overwritten {
  readonly value: FieldValue;
  readonly by: Decider;
}

/**
 * Settles one edit of one field (C1, C6 to C9). Pure and total: any values, any policy, always a decision.
 *
 * Invariants, each held by a property test:
 * - the incoming value ends in the decision's value, equals current, or is named by `keep` or `review`;
 * - the current value stays, or is named by `overwrites`, or was what the author saw (and replaced knowingly);
 * - settling the same edit again on the result changes nothing more.
 */
export function resolve(meeting: Meeting): Decision {
  const { current, incoming } = meeting;
  if (isNoEdit(meeting) || incoming === current) return { kind: 'unchanged' };
  const base = meeting.base;
  if (base === undefined || base === current) return { kind: 'apply', value: incoming, overwrites: null };
  if (meeting.policy === 'last-write-wins') return overwrite(meeting, 'last-write-wins');
  if (meeting.policy === 'review' || meeting.rule === undefined) return { kind: 'review' };
  return byRule(meeting, base, meeting.rule);
}

function byRule(meeting: Meeting, base: FieldValue, rule: RuleName): Decision {
  const ruling = RULES[rule]({ base, current: meeting.current, incoming: meeting.incoming });
  switch (ruling) {
    case 'incoming':
      return overwrite(meeting, rule);
    case 'current':
      return { kind: 'keep', rule };
    case 'review':
      return { kind: 'review' };
  }
}

const overwrite = (meeting: Meeting, by: Decider): Decision => ({
  kind: 'apply',
  value: meeting.incoming,
  overwrites: { value: meeting.current, by },
});
