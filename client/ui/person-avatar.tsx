import classes from './marks.module.css';
import { initialsOf, personColour } from './person-colour.ts';

interface PersonAvatarProps {
  id: string;
  name: string;
  size?: number;
  /** Is here now: draws a ring. */
  live?: boolean;
  /** False where the name stands beside it. */
  labelled?: boolean;
}

/** Initials in the person's stable colour. */
export function PersonAvatar({ id, name, size = 20, live = false, labelled = true }: PersonAvatarProps) {
  const words = live ? `${name}, here now` : name;
  const label = labelled ? { role: 'img', 'aria-label': words, title: words } : { 'aria-hidden': true };
  return (
    <span
      className={classes.avatar}
      data-live={live || undefined}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.42), background: personColour(id) }}
      {...label}
    >
      {initialsOf(name)}
    </span>
  );
}

/** Stands where nobody is assigned, so that rows keep their columns. */
export function NobodyAvatar({ size = 20, labelled = true }: { size?: number; labelled?: boolean }) {
  const label = labelled
    ? { role: 'img', 'aria-label': 'Nobody assigned', title: 'Nobody assigned' }
    : { 'aria-hidden': true };
  return <span className={classes.nobody} style={{ width: size, height: size }} {...label} />;
}
