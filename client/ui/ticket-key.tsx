import classes from './marks.module.css';

/** What people call a ticket, for example `DEMO-12`. Without a number it has not reached the server yet. */
export function TicketKey({ projectKey, number }: { projectKey: string; number: number | null }) {
  if (number !== null) return <span className={classes.key}>{`${projectKey}-${number}`}</span>;
  return (
    <span className={classes.key} title="It gets its number when it is sent.">
      {`${projectKey}-new`}
    </span>
  );
}
