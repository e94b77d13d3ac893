import { type FieldName, type FieldValue, fieldOf, type RuleName } from '../tickets/fields.ts';
import type { Decision } from './resolve.ts';

/** What became of an edit, as its author is told. `reason` is a sentence, null where nothing needs saying. */
export interface Verdict {
  readonly outcome: 'applied' | 'unchanged' | 'merged' | 'kept' | 'review';
  readonly reason: string | null;
}

/** What the sentence about a decision needs besides the decision. */
export interface Occasion {
  readonly field: FieldName;
  readonly current: FieldValue;
  /** The name of whoever wrote the current value; null when it is not known or the author themself. */
  readonly currentAuthor: string | null;
  /** Shows a value to a person; names people instead of their ids. */
  readonly show: (field: FieldName, value: FieldValue) => string;
}

/** Puts a decision into an outcome and, where the author should know more, a sentence about their work. */
export function verdictOf(decision: Decision, occasion: Occasion): Verdict {
  switch (decision.kind) {
    case 'unchanged':
      return { outcome: 'unchanged', reason: null };
    case 'apply':
      return { outcome: 'applied', reason: decision.overwrites && overwroteWords(occasion) };
    case 'keep':
      return { outcome: 'kept', reason: keptWords(decision.rule, occasion) };
    case 'review':
      return { outcome: 'review', reason: reviewWords(occasion) };
  }
}

/** `in_progress` → `in progress`; an empty value is said in words. People are shown by their id unless named. */
export function showValue(field: FieldName, value: FieldValue, names?: ReadonlyMap<string, string>): string {
  if (value === null || value === '') return `no ${fieldOf(field).label.toLowerCase()}`;
  if (field === 'assignee_id') return names?.get(String(value)) ?? 'somebody who left';
  if (field === 'status' || field === 'priority') return String(value).replaceAll('_', ' ');
  return field === 'title' ? `“${value}”` : String(value);
}

/** Why a rule kept or replaced a value; the end of a sentence. */
export const RULE_WORDS: Readonly<Record<RuleName, string>> = {
  'terminal-wins': 'finished tickets are not reopened by older edits',
  'higher-wins': 'of two priorities chosen at once, the more urgent one stands',
};

const keptWords = (rule: RuleName, { field, current, show }: Occasion): string =>
  `Kept ${show(field, current)}: ${RULE_WORDS[rule]}.`;

const overwroteWords = ({ field, current, currentAuthor, show }: Occasion): string =>
  `Replaced ${show(field, current)}${currentAuthor ? `, set by ${currentAuthor} meanwhile` : ''}. ` +
  'The activity keeps it, and it can be restored.';

const reviewWords = ({ field, current, currentAuthor, show }: Occasion): string =>
  `Needs review: ${fieldOf(field).label.toLowerCase()} was changed to ${show(field, current)}` +
  `${currentAuthor ? ` by ${currentAuthor}` : ''} meanwhile. Choose between the two in the review panel.`;
