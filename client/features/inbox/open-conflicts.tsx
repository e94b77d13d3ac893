import { IconGitFork } from '@tabler/icons-react';
import { FIELDS, isFieldName } from '../../../shared/tickets/fields.ts';
import { useProfiles } from '../../local-db/hooks.ts';
import { useOpenConflicts } from '../../local-db/inbox-hooks.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import classes from './inbox.module.css';
import { TicketReference } from './ticket-reference.tsx';

/** The fields that two people set differently while apart, and that wait for a decision. */
export function OpenConflicts() {
  const conflicts = useOpenConflicts();
  const people = useProfiles();
  if (!conflicts) return null;
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <h1 className={classes.title}>Review</h1>
      </header>
      {conflicts.length === 0 ? (
        <EmptyState icon={<IconGitFork size={32} stroke={1.4} aria-hidden />} title="Nothing to review">
          When two people set one field differently while apart, both values wait here for a decision.
        </EmptyState>
      ) : (
        <ul className={classes.lines}>
          {conflicts.map((conflict) => (
            <li key={conflict.id} className={classes.line}>
              <div className={classes.lineBody}>
                <TicketReference reference={conflict} />
                <span className={classes.sentence}>
                  {people.get(conflict.author_id)?.name ?? 'Somebody'} proposed another{' '}
                  {isFieldName(conflict.field) ? FIELDS[conflict.field].label.toLowerCase() : conflict.field}.
                </span>
              </div>
              <span className={classes.when}>
                <RelativeTime at={conflict.opened_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
