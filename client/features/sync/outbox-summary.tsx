import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useDescriptions, useObservable } from '../../description/context.tsx';
import { useOutboxCounts } from '../../local-db/outbox/hooks.ts';
import classes from './sync.module.css';

/** What stands in the outbox, in a line each, and the way there. */
export function OutboxSummary({ onFollow }: { readonly onFollow: () => void }) {
  const { waiting = 0, toSee = 0 } = useOutboxCounts() ?? {};
  const descriptions = useObservable(useDescriptions().sync.waiting).length;
  const unsent = waiting + descriptions;
  return (
    <Link to="/outbox" className={classes.summary} onClick={onFollow}>
      <span className={classes.summaryWords}>
        <span className={classes.summaryTitle}>Outbox</span>
        <span>{unsent === 0 ? 'Nothing to send' : `${unsent} not sent yet`}</span>
        {toSee > 0 && <span className={classes.toSee}>{toSee} for you to see</span>}
      </span>
      <IconChevronRight size={16} aria-hidden />
    </Link>
  );
}
