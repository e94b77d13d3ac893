import { TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './lab.module.css';

interface TitleInputProps {
  title: string;
  onChange: (title: string) => void;
  readOnlyBecause: string | undefined;
}

/** The title in one line. Enter and leaving keep it, Escape brings it back. */
export function TitleInput({ title, onChange, readOnlyBecause }: TitleInputProps) {
  const [draft, setDraft] = useState<string>();
  const keep = () => {
    if (draft !== undefined && draft.trim() !== '' && draft.trim() !== title) onChange(draft);
    setDraft(undefined);
  };
  return (
    <TextInput
      aria-label="Title"
      variant="unstyled"
      classNames={{ input: classes.title }}
      readOnly={Boolean(readOnlyBecause)}
      title={readOnlyBecause}
      maxLength={500}
      value={draft ?? title}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setDraft(undefined);
      }}
    />
  );
}
