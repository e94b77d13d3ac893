import { IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import classes from './controls.module.css';

interface DateFieldProps {
  label: string;
  /** `YYYY-MM-DD`. */
  value: string | null;
  onChange: (value: string | null) => void;
  /** Shown while there is none: the browser's own `dd/mm/yyyy` looks like a value. */
  emptyWords: string;
  readOnlyBecause?: string;
}

/**
 * A day, by the browser's own date field: a wheel on a phone, a calendar on a desk.
 * Commits on blur or Enter: a date typed key by key passes through years like 0002.
 */
export function DateField({ label, value, onChange, emptyWords, readOnlyBecause }: DateFieldProps) {
  const [draft, setDraft] = useState(value ?? '');
  useEffect(() => setDraft(value ?? ''), [value]);
  const commit = () => {
    const next = draft === '' ? null : draft;
    if (next !== value) onChange(next);
  };
  return (
    <span className={classes.dateRow}>
      {draft === '' && (
        <span className={classes.dateEmpty} aria-hidden>
          {emptyWords}
        </span>
      )}
      <input
        type="date"
        className={classes.input}
        aria-label={label}
        data-empty={draft === '' || undefined}
        value={draft}
        max="9999-12-31"
        readOnly={Boolean(readOnlyBecause)}
        title={readOnlyBecause}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {value !== null && !readOnlyBecause && (
        <button
          type="button"
          className={classes.clear}
          aria-label={`Clear ${label.toLowerCase()}`}
          onClick={() => onChange(null)}
        >
          <IconX size={14} aria-hidden />
        </button>
      )}
    </span>
  );
}
