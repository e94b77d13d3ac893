import type { ReactNode } from 'react';
import classes from './conflict-values.module.css';
import { NobodyAvatar, PersonAvatar } from './person-avatar.tsx';
import { PRIORITY_WORDS, PriorityIcon, type PriorityName } from './priority-icon.tsx';
import { STATUS_WORDS, StatusIcon, type StatusName } from './status-icon.tsx';

/** A field's value as it can stand in a ticket, in the field's normal form; null for none. */
export interface ShownValue {
  readonly field: string;
  readonly value: string | number | null;
}

type NameOf = (personId: string) => string;

/** A field's value with its icon, as the rest of the app draws it. */
export function FieldValueView({ nameOf, ...shown }: ShownValue & { nameOf: NameOf }) {
  const empty = shown.value === null || shown.value === '';
  return (
    <span className={classes.fieldValue}>
      {iconOf(shown, nameOf)}
      <span className={empty ? classes.empty : undefined}>{fieldValueWords(shown, nameOf)}</span>
    </span>
  );
}

/** A field's value as a person says it: "In progress", "Priya", "14 Mar 2026", "no due date". */
export function fieldValueWords({ field, value }: ShownValue, nameOf: NameOf): string {
  if (value === null || value === '') return EMPTY_WORDS[field] ?? 'nothing';
  const text = String(value);
  switch (field) {
    case 'status':
      return isStatus(text) ? STATUS_WORDS[text] : text;
    case 'priority':
      return isPriority(text) ? PRIORITY_WORDS[text] : text;
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

const EMPTY_WORDS: Readonly<Record<string, string>> = {
  assignee_id: 'nobody',
  due_on: 'no due date',
  estimate: 'no estimate',
  title: 'no title',
  rank: 'the end of the board',
};

function iconOf({ field, value }: ShownValue, nameOf: NameOf): ReactNode {
  const text = String(value);
  if (field === 'status' && isStatus(text)) return <StatusIcon status={text} />;
  if (field === 'priority' && isPriority(text)) return <PriorityIcon priority={text} />;
  if (field !== 'assignee_id') return null;
  if (value === null) return <NobodyAvatar size={18} labelled={false} />;
  return <PersonAvatar id={text} name={nameOf(text)} size={18} labelled={false} />;
}

const isStatus = (text: string): text is StatusName => Object.hasOwn(STATUS_WORDS, text);
const isPriority = (text: string): text is PriorityName => Object.hasOwn(PRIORITY_WORDS, text);

function dayInWords(day: string): string {
  const time = Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(time)) return day;
  return new Date(time).toLocaleDateString('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
}
