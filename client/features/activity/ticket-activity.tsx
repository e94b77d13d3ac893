import { useMemo } from 'react';
import classes from './activity.module.css';
import { ActivityFeed } from './activity-feed.tsx';

const FIRST_PAGE = 10;

/** What happened to one ticket. */
export function TicketActivity({ ticketId }: { ticketId: string }) {
  const scope = useMemo(() => ({ ticketId }), [ticketId]);
  return (
    <section aria-labelledby="activity-heading" className={classes.section}>
      <h2 id="activity-heading" className={classes.sectionTitle}>
        Activity
      </h2>
      <ActivityFeed
        scope={scope}
        firstPage={FIRST_PAGE}
        empty={<p className={classes.quiet}>Changes to this ticket are listed here once they are sent.</p>}
      />
    </section>
  );
}
