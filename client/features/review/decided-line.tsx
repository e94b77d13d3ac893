import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { PendingDot } from '../../ui/pending-dot.tsx';
import classes from './review.module.css';

interface DecidedLineProps {
  /** What was decided, as a sentence. */
  words: string;
  pending: boolean;
  /** Which ticket, where that is not clear from the place. */
  children?: ReactNode;
}

/** A question that was just answered here, in one line: it stays in its place until the person goes on. */
export function DecidedLine({ words, pending, children }: DecidedLineProps) {
  return (
    <div className={classes.decided}>
      <IconCheck size={15} aria-hidden className={classes.decidedMark} />
      <span className={classes.decidedWords}>
        {children}
        <span>{words}</span>
      </span>
      {pending && (
        <span className={classes.unsent}>
          <PendingDot words="" />
          not sent yet
        </span>
      )}
    </div>
  );
}
