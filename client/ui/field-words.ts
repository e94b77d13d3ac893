import type { FieldName } from '../../shared/tickets/fields.ts';
import { PRIORITY_WORDS } from './priority-icon.tsx';
import { STATUS_WORDS } from './status-icon.tsx';

/** The name of the person with this id. */
export type NameOf = (id: string) => string;

/** A field's value as a person says it: "In progress", "Priya", "2 Jan 2026", "3 points", "nobody". */
export function fieldWords(field: FieldName, value: unknown, nameOf: NameOf): string {
  if (value === null || value === undefined || value === '') return EMPTY_WORDS[field] ?? 'nothing';
  const text = String(value);
  switch (field) {
    case 'status':
      return wordIn(STATUS_WORDS, text);
    case 'priority':
      return wordIn(PRIORITY_WORDS, text);
    case 'assignee_id':
      return nameOf(text);
    case 'due_on':
      return dayInWords(text);
    case 'estimate':
      return text === '1' ? '1 point' : `${text} points`;
    case 'rank':
      return 'another place on the board';
    default:
      return text;
  }
}

const EMPTY_WORDS: Partial<Record<FieldName, string>> = {
  assignee_id: 'nobody',
  due_on: 'no due date',
  estimate: 'no estimate',
  title: 'no title',
  rank: 'the end of the board',
};

const wordIn = (words: Readonly<Record<string, string>>, value: string): string => words[value] ?? value;

function dayInWords(day: string): string {
  const time = Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(time)) return day;
  return new Date(time).toLocaleDateString('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
}
