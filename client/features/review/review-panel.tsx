import { Button, Kbd } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import {
  type ConflictFilter,
  type FoundConflict,
  type FoundConflicts,
  useConflicts,
} from '../../local-db/conflict-hooks.ts';
import { useProjects } from '../../local-db/hooks.ts';
import { OpenReviews } from './open-reviews.tsx';
import { ResolvedReviews } from './resolved-reviews.tsx';
import classes from './review.module.css';
import { ReviewEmpty } from './review-empty.tsx';
import { ReviewFilters, ReviewTabs } from './review-filters.tsx';
import type { ReviewFilter } from './review-search.ts';
import { useDecisions } from './use-decisions.ts';

const PAGE = 100;

/** Questions of another kind, for example about descriptions, that pass the panel's filter. */
export interface OtherReviews {
  /** How many of them are open. */
  readonly open: number;
  /** Null when there are none to show. */
  readonly list: ReactNode;
}

interface ReviewPanelProps {
  filter: ReviewFilter;
  onFilter: (filter: ReviewFilter) => void;
  others?: OtherReviews;
}

/** Everything that waits for a person's decision, over all projects; and what was decided. */
export function ReviewPanel({ filter, onFilter, others }: ReviewPanelProps) {
  const [limit, setLimit] = useState(PAGE);
  const conflictFilter = useConflictFilter(filter);
  const open = useConflicts({ ...conflictFilter, state: 'open' }, limit);
  const openCount = stillOpen(open.found) + (others?.open ?? 0);
  // What was decided here stays in its place until the person looks for something else.
  const view = JSON.stringify([filter, conflictFilter]);
  const empty = others?.list ? null : (
    <ReviewEmpty
      filter={filter}
      onShowAll={() => onFilter({ tab: filter.tab, projectKey: null, field: null, mine: false })}
    />
  );
  return (
    <div className={classes.page}>
      <header className={classes.top}>
        <h1 className={classes.title}>Review</h1>
        <ReviewTabs filter={filter} onFilter={onFilter} open={openCount} />
        <ReviewFilters filter={filter} onFilter={onFilter} />
      </header>
      {filter.tab === 'open' ? (
        <OpenTab key={view} {...open} empty={empty} />
      ) : (
        <ResolvedTab key={view} filter={conflictFilter} empty={empty} />
      )}
      {others?.list}
      {filter.tab === 'open' && open.hasMore && <ShowMore onMore={() => setLimit(limit + PAGE)} />}
    </div>
  );
}

function OpenTab({ found, ready, failed, empty }: FoundConflicts & { empty: ReactNode }) {
  const decisions = useDecisions(found);
  if (failed) return <Unreadable />;
  if (decisions.questions.length === 0) return ready ? empty : null;
  return (
    <>
      <KeyHints />
      <OpenReviews {...decisions} />
    </>
  );
}

function ResolvedTab({ filter, empty }: { filter: NarrowedTo; empty: ReactNode }) {
  const [limit, setLimit] = useState(PAGE);
  const { found, ready, failed, hasMore } = useConflicts({ ...filter, state: 'closed' }, limit);
  if (failed) return <Unreadable />;
  if (found.length === 0) return ready ? empty : null;
  return (
    <>
      <ResolvedReviews found={found} />
      {hasMore && <ShowMore onMore={() => setLimit(limit + PAGE)} />}
    </>
  );
}

type NarrowedTo = Omit<ConflictFilter, 'state'>;

function useConflictFilter({ projectKey, field, mine }: ReviewFilter): NarrowedTo {
  const project = useProjects().rows.find((one) => one.key === projectKey);
  // Descriptions are reviewed in their own way, and until the project of an address is known none of its questions are.
  if (field === 'description' || (projectKey !== null && !project)) return { projectId: NO_PROJECT, mine };
  return { projectId: project?.id, field: field ?? undefined, mine };
}

const NO_PROJECT = '';

const stillOpen = (found: readonly FoundConflict[]): number =>
  found.filter(({ conflict }) => conflict.state === 'open').length;

const Unreadable = () => (
  <p className={classes.problem} role="alert">
    The questions on this device could not be read. Reload the page and try again.
  </p>
);

const ShowMore = ({ onMore }: { onMore: () => void }) => (
  <Button variant="subtle" color="gray" className={classes.more} onClick={onMore}>
    Show more
  </Button>
);

const HINTS = [
  { keys: ['j', 'k'], words: 'move' },
  { keys: ['1'], words: 'keep' },
  { keys: ['2'], words: 'take' },
  { keys: ['3'], words: 'another value' },
  { keys: ['x'], words: 'select' },
] as const;

function KeyHints() {
  return (
    <p className={classes.hints}>
      {HINTS.map(({ keys, words }) => (
        <span key={words} className={classes.hint}>
          {keys.map((key) => (
            <Kbd key={key} size="xs">
              {key}
            </Kbd>
          ))}
          {words}
        </span>
      ))}
    </p>
  );
}
