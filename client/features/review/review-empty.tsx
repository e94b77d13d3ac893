import { Button } from '@mantine/core';
import { IconGitFork } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useFirstDownload } from '../../local-db/use-first-download.ts';
import { FieldValueView } from '../../ui/conflict-field-value.tsx';
import { ConflictValues } from '../../ui/conflict-values.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import classes from './review.module.css';
import { isNarrowed, type ReviewFilter } from './review-search.ts';

interface ReviewEmptyProps {
  filter: ReviewFilter;
  onShowAll: () => void;
}

/** Says what would stand here, and shows an example of it. */
export function ReviewEmpty({ filter, onShowAll }: ReviewEmptyProps) {
  const downloading = useFirstDownload();
  const icon = <IconGitFork size={32} stroke={1.4} aria-hidden />;
  if (downloading)
    return <EmptyState title="Getting your projects">They stay on this device from then on.</EmptyState>;
  if (isNarrowed(filter)) {
    return (
      <EmptyState
        icon={icon}
        title="Nothing here with these filters"
        action={
          <Button variant="default" onClick={onShowAll}>
            Show all
          </Button>
        }
      />
    );
  }
  if (filter.tab === 'resolved') {
    return (
      <EmptyState icon={icon} title="Nothing decided yet">
        Every question that was answered stays here, with its values, who decided and how.
      </EmptyState>
    );
  }
  return (
    <>
      <EmptyState
        icon={icon}
        title="Nothing to review"
        action={
          <Button variant="default" component={Link} to="/lab">
            Try it in the laboratory
          </Button>
        }
      >
        When two people set one field differently while apart, what stands now stays, and both values wait
        here until somebody chooses. Nothing anybody wrote is lost.
      </EmptyState>
      <Example />
    </>
  );
}

function Example() {
  const day = (value: string | null) => <FieldValueView field="due_on" value={value} nameOf={(id) => id} />;
  return (
    <figure className={classes.example}>
      <figcaption className={classes.exampleTitle}>For example: a due date that two people moved</figcaption>
      <ConflictValues
        base={{ value: day(null), origin: 'as both saw it' }}
        current={{ value: day('2026-03-12'), origin: 'set in the office' }}
        proposed={{ value: day('2026-03-14'), origin: 'set on the train, offline' }}
      />
    </figure>
  );
}
