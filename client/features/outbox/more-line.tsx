import classes from './outbox.module.css';

/** What a list leaves out. */
export function MoreLine({ count }: { count: number }) {
  if (count <= 0) return null;
  return <li className={classes.more}>and {count} more</li>;
}
