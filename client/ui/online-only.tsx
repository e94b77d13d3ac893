import { IconLock } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import classes from './online-only.module.css';

interface OnlineOnlyProps {
  /** Why it cannot be done now, in words; absent while it can. */
  reason: string | undefined;
  /** For narrow places such as menus: the reason stands below and quiet. */
  compact?: boolean;
  children: ReactNode;
}

/** Controls of what only the server can do: while it cannot be done they are locked, and the reason stands beside them. */
export function OnlineOnly({ reason, compact = false, children }: OnlineOnlyProps) {
  const noteId = useId();
  const note = reason !== undefined && (
    <p className={compact ? classes.quietReason : classes.reason} role="note" id={noteId}>
      <IconLock size={14} stroke={1.8} aria-hidden className={classes.lock} />
      <span>{reason}</span>
    </p>
  );
  return (
    <>
      {!compact && note}
      {/* A disabled fieldset locks every control in it, whatever it is made of. */}
      <fieldset
        className={classes.controls}
        disabled={reason !== undefined}
        aria-describedby={reason === undefined ? undefined : noteId}
      >
        {children}
      </fieldset>
      {compact && note}
    </>
  );
}
