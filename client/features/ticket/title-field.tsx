import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { EditResult } from '../../local-db/windows/committer.ts';
import { PendingDot } from '../../ui/pending-dot.tsx';
import classes from './ticket.module.css';

interface TitleFieldProps {
  title: string;
  onChange: (title: string) => Promise<EditResult>;
  /** The server has not answered for it. */
  pending: boolean;
  readOnlyBecause?: string;
}

/**
 * The title, edited in place. Enter and leaving keep it, Escape brings it back. While a person types, a change from
 * elsewhere does not touch the draft; it is there as soon as they leave without a change of their own.
 */
export function TitleField({ title, onChange, pending, readOnlyBecause }: TitleFieldProps) {
  const [draft, setDraft] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const commit = async () => {
    if (draft === undefined) return;
    if (draft.trim() === title) return setDraft(undefined);
    const result = await onChange(draft);
    setProblem(result.ok ? undefined : result.reason);
    if (result.ok) setDraft(undefined);
  };
  const giveUp = () => {
    setDraft(undefined);
    setProblem(undefined);
  };
  return (
    <>
      <h1 className="visually-hidden">{title}</h1>
      <Textarea
        aria-label="Title"
        autosize
        variant="unstyled"
        classNames={{ input: classes.title }}
        rightSection={pending && <PendingDot words="Title: not sent yet" />}
        rightSectionWidth={pending ? 24 : 0}
        readOnly={Boolean(readOnlyBecause)}
        title={readOnlyBecause}
        maxLength={500}
        value={draft ?? title}
        error={problem}
        onChange={(event) => setDraft(event.currentTarget.value.replace(/\n/g, ' '))}
        onBlur={() => void commit()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            event.currentTarget.blur();
          }
          if (event.key === 'Escape') giveUp();
        }}
      />
    </>
  );
}
