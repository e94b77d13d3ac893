import { IconCircleDot, IconGitFork, IconHistory } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './conflict-values.module.css';

export type ConflictPart = 'base' | 'current' | 'proposed';

/** One of the three values, and whose it is. */
export interface ConflictSide {
  readonly value: ReactNode;
  /** Who, when, on which device. */
  readonly origin?: ReactNode;
}

interface ConflictValuesProps {
  base: ConflictSide;
  current: ConflictSide;
  proposed: ConflictSide;
}

/** What both people saw, what stands now, and what is proposed instead: side by side, or one below the other. */
export function ConflictValues(sides: ConflictValuesProps) {
  return (
    <div className={classes.frame}>
      <dl className={classes.values}>
        {PARTS.map((part) => (
          <div key={part} className={classes.side} data-part={part}>
            <dt className={classes.mark}>
              <ConflictMark part={part} />
            </dt>
            <dd className={classes.value}>
              {sides[part].value}
              {sides[part].origin && <span className={classes.origin}>{sides[part].origin}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The hue, icon and word of one of the three values; the same wherever edits meet. */
export function ConflictMark({ part }: { part: ConflictPart }) {
  const Icon = ICONS[part];
  return (
    <span className={classes.partMark} data-part={part}>
      <Icon size={14} stroke={1.8} aria-hidden />
      {CONFLICT_WORDS[part]}
    </span>
  );
}

/** The words beside each hue: it is never told by colour alone. */
export const CONFLICT_WORDS: Readonly<Record<ConflictPart, string>> = {
  base: 'Before',
  current: 'Now',
  proposed: 'Proposed',
};

const PARTS: readonly ConflictPart[] = ['base', 'current', 'proposed'];
const ICONS = { base: IconHistory, current: IconCircleDot, proposed: IconGitFork } as const;
