import {
  FIELDS,
  type FieldName,
  type FieldValue,
  isFieldName,
  normalise,
} from '../../../shared/tickets/fields.ts';
import type { ActivityEntry } from '../../local-db/activity-query.ts';
import { readJson } from '../../local-db/rows.ts';

/** A line of the audit log, read: who did what to what, what stood before and after, and what became of it. */
export type Change = FieldChange | OtherChange;

interface About {
  readonly action: string;
  readonly outcome: string;
  /** The policy or rule that decided between two values. */
  readonly rule: string | null;
  readonly overwroteId: string | null;
  readonly offlineSince: string | null;
}

/** A change of one of a ticket's fields; values in the field's normal form. */
export interface FieldChange extends About {
  readonly kind: 'field';
  readonly field: FieldName;
  readonly before: FieldValue;
  readonly after: FieldValue;
  /** What stands in the field now. */
  readonly standing: FieldValue;
  /** The question that the change opened or went on with. */
  readonly question: Question | null;
}

export interface Question {
  readonly base: FieldValue;
  readonly proposed: FieldValue;
  readonly state: string;
}

export interface OtherChange extends About {
  readonly kind: 'other';
  readonly subject: string;
  readonly subjectId: string | null;
  readonly before: unknown;
  readonly after: unknown;
  /** The comment or label as it stands now; null where it is gone. */
  readonly standing: FieldValue;
}

export function readChange(entry: ActivityEntry): Change {
  const { subject, subject_id, action, outcome, rule, standing } = entry;
  const about: About = {
    action,
    outcome,
    rule,
    overwroteId: entry.overwrote_id,
    offlineSince: entry.offline_since,
  };
  const before = readJson(entry.before);
  const after = readJson(entry.after);
  if (!isFieldName(subject)) {
    return { ...about, kind: 'other', subject, subjectId: subject_id, before, after, standing };
  }
  const read = (value: unknown) => readValue(subject, value);
  return {
    ...about,
    kind: 'field',
    field: subject,
    before: read(before),
    after: read(after),
    standing: read(standing),
    question: questionOf(entry, read),
  };
}

function questionOf(entry: ActivityEntry, read: (value: unknown) => FieldValue): Question | null {
  const { conflict_state: state, conflict_base, conflict_proposed } = entry;
  if (state === null) return null;
  return { base: read(readJson(conflict_base)), proposed: read(readJson(conflict_proposed)), state };
}

/** A value that this version cannot read is shown as it stands. */
function readValue(field: FieldName, value: unknown): FieldValue {
  const normal = normalise(field, value);
  if (normal.ok) return normal.value;
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** "the due date" */
export const theField = (field: FieldName): string => `the ${FIELDS[field].label.toLowerCase()}`;

/** An edit that waits for a decision, and that its author has not gone beyond since. */
export const isOpenProposal = (change: Change): boolean =>
  change.kind === 'field' &&
  change.outcome === 'review' &&
  change.action !== 'resolved' &&
  change.question?.state === 'open' &&
  change.question.proposed === change.after;
