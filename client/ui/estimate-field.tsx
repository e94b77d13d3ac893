import { useEffect, useState } from 'react';
import classes from './controls.module.css';

interface EstimateFieldProps {
  label: string;
  value: number | null;
  /** Says in words what is wrong with the text, or hands the value on. */
  onChange: (text: string) => string | undefined;
  readOnlyBecause?: string;
}

/** A number of points. Commits on blur or Enter; Escape brings the old value back. */
export function EstimateField({ label, value, onChange, readOnlyBecause }: EstimateFieldProps) {
  const [draft, setDraft] = useState(textOf(value));
  const [problem, setProblem] = useState<string>();
  useEffect(() => setDraft(textOf(value)), [value]);
  const commit = () =>
    setProblem(draft === textOf(value) ? undefined : onChange(draft.trim().replace(',', '.')));
  return (
    <span className={classes.column}>
      <input
        type="text"
        inputMode="decimal"
        className={classes.input}
        aria-label={label}
        aria-invalid={problem ? true : undefined}
        placeholder="No estimate"
        value={draft}
        readOnly={Boolean(readOnlyBecause)}
        title={readOnlyBecause}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(textOf(value));
        }}
      />
      {problem && (
        <span className={classes.problem} role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}

const textOf = (value: number | null) => (value === null ? '' : String(value));
