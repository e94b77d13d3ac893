import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { FIELDS, type FieldValue, normalise } from '../../../shared/tickets/fields.ts';
import { PRIORITIES, STATUSES } from '../../../shared/tickets/ticket.ts';
import type { Conflict } from '../../local-db/conflict-rows.ts';
import { DateField } from '../../ui/date-field.tsx';
import { EstimateField } from '../../ui/estimate-field.tsx';
import { type PersonChoice, PersonMenu } from '../../ui/person-menu.tsx';
import { PriorityMenu } from '../../ui/priority-menu.tsx';
import { StatusMenu } from '../../ui/status-menu.tsx';
import { type Reader, valueWords } from './conflict-words.ts';
import classes from './review.module.css';

interface OtherValueProps {
  conflict: Conflict;
  /** Whom the field can name. */
  people: readonly PersonChoice[];
  reader: Reader;
  onUse: (value: FieldValue) => void;
  onCancel: () => void;
}

/** A third value, written with the field's own control. It counts once it is confirmed, not while it is sought. */
export function OtherValue({ conflict, people, reader, onUse, onCancel }: OtherValueProps) {
  const [draft, setDraft] = useState<FieldValue>(conflict.current);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('button, input')?.focus(), []);
  const [problem, setProblem] = useState<string>();
  const use = (event: FormEvent) => {
    event.preventDefault();
    const normal = normalise(conflict.field, draft);
    if (normal.ok) onUse(normal.value);
    else setProblem(normal.reason);
  };
  return (
    <form
      ref={form}
      className={classes.other}
      onSubmit={use}
      aria-label={`Another ${FIELDS[conflict.field].label}`}
    >
      <div className={classes.otherControl}>
        <Control conflict={conflict} people={people} draft={draft} onDraft={setDraft} />
      </div>
      <Button type="submit">{useWords(conflict, draft, reader)}</Button>
      <Button variant="subtle" color="gray" onClick={onCancel}>
        Cancel
      </Button>
      {problem && (
        <span className={classes.problem} role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}

function useWords(conflict: Conflict, draft: FieldValue, reader: Reader): string {
  if (conflict.field === 'title') return 'Use this title';
  return `Use ${valueWords(conflict, draft, reader)}`;
}

interface ControlProps {
  conflict: Conflict;
  people: readonly PersonChoice[];
  draft: FieldValue;
  onDraft: (draft: FieldValue) => void;
}

function Control({ conflict, people, draft, onDraft }: ControlProps) {
  const { label } = FIELDS[conflict.field];
  switch (conflict.field) {
    case 'status':
      return <StatusMenu value={STATUSES.find((one) => one === draft) ?? 'todo'} onChange={onDraft} />;
    case 'priority':
      return <PriorityMenu value={PRIORITIES.find((one) => one === draft) ?? 'none'} onChange={onDraft} />;
    case 'assignee_id':
      return <PersonMenu people={people} value={draft === null ? null : String(draft)} onChange={onDraft} />;
    case 'due_on':
      return (
        <DateField
          label={label}
          emptyWords="No due date"
          value={draft === null ? null : String(draft)}
          onChange={onDraft}
        />
      );
    case 'estimate':
      return <EstimateControl label={label} draft={draft} onDraft={onDraft} />;
    case 'title':
    case 'rank':
      return (
        <TextInput
          size="xs"
          aria-label={label}
          value={String(draft ?? '')}
          onChange={(event) => onDraft(event.currentTarget.value)}
        />
      );
  }
}

function EstimateControl({
  label,
  draft,
  onDraft,
}: Omit<ControlProps, 'conflict' | 'people'> & { label: string }) {
  const write = (text: string): string | undefined => {
    const normal = normalise('estimate', text);
    if (!normal.ok) return normal.reason;
    onDraft(normal.value);
  };
  return <EstimateField label={label} value={typeof draft === 'number' ? draft : null} onChange={write} />;
}
