import { FIELDS, type FieldName, isFieldName } from '../../../shared/tickets/fields.ts';
import { PRIORITY_WORDS } from '../../ui/priority-icon.tsx';
import { STATUS_WORDS } from '../../ui/status-icon.tsx';

/** What the log holds of one change; `before` and `after` already read from JSON. */
export interface ActivityEntry {
  readonly subject: string;
  readonly action: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly outcome: string;
  readonly overwroteId: string | null;
}

/** Names for the ids in the log. */
export interface ActivityNames {
  person(id: string): string;
  label(id: string): string;
}

/** A sentence that follows the actor's name; before and after stand behind it where there are any. */
export interface ActivityWords {
  readonly text: string;
  readonly before: string | null;
  readonly after: string | null;
  /** What became of it, where that needs saying. */
  readonly note: string | null;
}

export function activityWords(entry: ActivityEntry, names: ActivityNames): ActivityWords {
  const note = noteOf(entry, names);
  if (isFieldName(entry.subject)) return { ...fieldWords(entry.subject, entry, names), note };
  const shown = (value: unknown) => shortText(value, names);
  switch (entry.subject) {
    case 'label':
    case 'labels':
      return labelWords(entry, names, note);
    case 'comment':
      return {
        text: `${COMMENT_VERBS[entry.action] ?? entry.action} a comment`,
        before: null,
        after: null,
        note,
      };
    case 'ticket':
      return { text: `${entry.action} this ticket`, before: null, after: null, note };
    case 'description':
      return { text: `${entry.action} the description`, before: null, after: null, note };
    default:
      return {
        text: `${entry.action} ${entry.subject}`,
        before: shown(entry.before),
        after: shown(entry.after),
        note,
      };
  }
}

const COMMENT_VERBS: Readonly<Record<string, string>> = {
  created: 'wrote',
  added: 'wrote',
  changed: 'edited',
  deleted: 'deleted',
  removed: 'deleted',
};

/** Outcomes a reader must hear of; an edit that simply applied needs no word. */
function noteOf({ outcome, overwroteId }: ActivityEntry, names: ActivityNames): string | null {
  if (outcome === 'kept') return 'A rule kept the other value.';
  if (outcome === 'review') return 'Needs review: somebody else had changed it meanwhile.';
  if (overwroteId) return `Replaced what ${names.person(overwroteId)} had set meanwhile.`;
  if (outcome === 'merged') return 'Merged with a change made meanwhile.';
  return null;
}

function fieldWords(field: FieldName, { before, after, action }: ActivityEntry, names: ActivityNames) {
  const label = FIELDS[field].label.toLowerCase();
  const verb = action === 'proposed' ? 'proposed' : 'changed';
  if (field === 'rank') return { text: `${verb} the board position`, before: null, after: null };
  return {
    text: `${verb} the ${label}`,
    before: valueWords(field, before, names),
    after: valueWords(field, after, names),
  };
}

/** A field's value as a person says it. */
export function valueWords(field: FieldName, value: unknown, names: ActivityNames): string {
  if (value === null || value === undefined || value === '') return EMPTY_WORDS[field] ?? 'nothing';
  const text = String(value);
  switch (field) {
    case 'status':
      return wordIn(STATUS_WORDS, text);
    case 'priority':
      return wordIn(PRIORITY_WORDS, text);
    case 'assignee_id':
      return names.person(text);
    case 'due_on':
      return dayInWords(text);
    case 'estimate':
      return text === '1' ? '1 point' : `${text} points`;
    default:
      return text;
  }
}

const EMPTY_WORDS: Partial<Record<FieldName, string>> = {
  assignee_id: 'nobody',
  due_on: 'no due date',
  estimate: 'no estimate',
};

function labelWords(entry: ActivityEntry, names: ActivityNames, note: string | null): ActivityWords {
  const value = entry.after ?? entry.before;
  const removed = entry.action === 'removed' || entry.action === 'deleted';
  const name = shortText(value, names) ?? '';
  return {
    text: `${removed ? 'removed' : 'added'} the label ${name}`.trimEnd(),
    before: null,
    after: null,
    note,
  };
}

/** What a value of unknown form says in a line: a text, a name inside it, or nothing. */
function shortText(value: unknown, names: ActivityNames): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return names.label(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && 'name' in value && typeof value.name === 'string') return value.name;
  if (typeof value === 'object' && 'label_id' in value && typeof value.label_id === 'string') {
    return names.label(value.label_id);
  }
  return null;
}

const wordIn = (words: Readonly<Record<string, string>>, value: string): string => words[value] ?? value;

function dayInWords(day: string): string {
  const time = Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(time)) return day;
  return new Date(time).toLocaleDateString('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
}
