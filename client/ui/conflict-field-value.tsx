import type { ReactNode } from 'react';
import { isFieldName } from '../../shared/tickets/fields.ts';
import classes from './conflict-values.module.css';
import { fieldWords, type NameOf } from './field-words.ts';
import { NobodyAvatar, PersonAvatar } from './person-avatar.tsx';
import { PRIORITY_WORDS, PriorityIcon, type PriorityName } from './priority-icon.tsx';
import { STATUS_WORDS, StatusIcon, type StatusName } from './status-icon.tsx';

/** A field's value as it can stand in a ticket, in the field's normal form; null for none. */
export interface ShownValue {
  readonly field: string;
  readonly value: string | number | null;
}

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

/** As {@link fieldWords}, for a field that this version may not know. */
export const fieldValueWords = ({ field, value }: ShownValue, nameOf: NameOf): string =>
  isFieldName(field) ? fieldWords(field, value, nameOf) : String(value ?? 'nothing');

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
