import classes from './marks.module.css';

/** A small hollow dot: what stands here is kept on this device and not sent yet. */
export function PendingDot({ words = 'Not sent yet' }: { words?: string }) {
  return <span className={classes.pending} role="img" aria-label={words} title={words} />;
}
