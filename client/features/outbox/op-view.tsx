import type { ReactNode } from 'react';
import type { OutboxOp } from '../../local-db/outbox/entries.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { type OpLine, opLines } from './op-words.ts';
import classes from './outbox.module.css';
import { useNameOf } from './use-names.ts';

interface OpViewProps {
  readonly op: OutboxOp;
  /** What stands before the words: the state as an icon. */
  readonly mark: ReactNode;
  /** Behind the time: the state in words. */
  readonly state: ReactNode;
  readonly actions: ReactNode;
  /** What belongs beneath: a reason, a problem. */
  readonly children?: ReactNode;
}

/** One op of this device: what it did, to which ticket, and where it stands. */
export function OpView({ op, mark, state, actions, children }: OpViewProps) {
  const lines = opLines(op, useNameOf());
  const at = op.metadata.made_at;
  // Where only the key is named, the title says which ticket that is.
  const isTold =
    typeof op.ticket_number === 'number' && lines.every(({ after }) => after !== op.ticket_title);
  return (
    <li className={classes.line}>
      <span className={classes.mark}>{mark}</span>
      <div className={classes.body}>
        {lines.map((line) => (
          <Line key={line.what} line={line} />
        ))}
        <span className={classes.about}>
          {state}
          {isTold && <span className={classes.ticketTitle}>{op.ticket_title}</span>}
          {at !== undefined && <RelativeTime at={at} />}
        </span>
        {children}
      </div>
      <span className={classes.actions}>{actions}</span>
    </li>
  );
}

function Line({ line: { what, before, after } }: { line: OpLine }) {
  return (
    <span className={classes.what}>
      {what}
      {after !== null && ': '}
      {before !== null && (
        <>
          <del className={classes.before}>{before}</del>
          <span className={classes.arrow}> → </span>
        </>
      )}
      {after !== null && <span className={classes.after}>{after}</span>}
    </span>
  );
}
