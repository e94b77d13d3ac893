import { IconGitFork } from '@tabler/icons-react';
import classes from './marks.module.css';

/** An amber fork: two people set different values, and a person must choose. */
export function NeedsReview({ words }: { words: string }) {
  return (
    <span className={classes.review}>
      <IconGitFork size={14} stroke={1.8} aria-hidden />
      {words}
    </span>
  );
}
