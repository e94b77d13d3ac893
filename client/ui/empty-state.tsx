import type { ReactNode } from 'react';
import classes from './marks.module.css';

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  /** What goes here. */
  children?: ReactNode;
  /** The button that fills it. */
  action?: ReactNode;
}

/** Says what goes here, and offers the action that fills it. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      {icon && <div className={classes.emptyIcon}>{icon}</div>}
      <p className={classes.emptyTitle}>{title}</p>
      {children && <p className={classes.emptyText}>{children}</p>}
      {action && <div className={classes.emptyAction}>{action}</div>}
    </div>
  );
}
