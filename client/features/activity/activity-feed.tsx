import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useActivityPage } from '../../local-db/activity-hooks.ts';
import type {
  ActivityCursor,
  ActivityEntry,
  ActivityFilter,
  ActivityScope,
} from '../../local-db/activity-query.ts';
import classes from './activity.module.css';
import { ActivityLine } from './activity-line.tsx';

interface ActivityFeedProps {
  scope: ActivityScope;
  filter?: ActivityFilter;
  /** How many lines stand at first; each further page has more. */
  firstPage: number;
  /** Names the ticket on each line. */
  namesTicket?: boolean;
  /** Shown where there is nothing. */
  empty: ReactNode;
}

const FURTHER_PAGE = 50;
const NO_FILTER: ActivityFilter = {};

/**
 * What happened, newest first, page by page. Each page but the last ends at a fixed place, so that what happens
 * meanwhile joins the first one and nothing is shown twice or skipped.
 */
export function ActivityFeed({
  scope,
  filter = NO_FILTER,
  firstPage,
  namesTicket = false,
  empty,
}: ActivityFeedProps) {
  const [ends, setEnds] = useState<readonly ActivityCursor[]>([]);
  const pages = [...ends, undefined];
  return (
    <>
      {pages.map((until, index) => (
        <ActivityPage
          key={ends[index - 1]?.id ?? 'newest'}
          scope={scope}
          filter={filter}
          after={ends[index - 1]}
          until={until}
          limit={index === 0 ? firstPage : FURTHER_PAGE}
          namesTicket={namesTicket}
          empty={index === 0 ? empty : null}
          onMore={(end) => setEnds([...ends, end])}
        />
      ))}
    </>
  );
}

interface ActivityPageProps {
  scope: ActivityScope;
  filter: ActivityFilter;
  after: ActivityCursor | undefined;
  until: ActivityCursor | undefined;
  limit: number;
  namesTicket: boolean;
  empty: ReactNode;
  onMore: (end: ActivityCursor) => void;
}

function ActivityPage(props: ActivityPageProps) {
  const { scope, filter, after, until, limit, namesTicket, empty, onMore } = props;
  // One more than shown: then there is another page.
  const entries = useActivityPage(scope, filter, { after, until, limit: limit + 1 });
  if (!entries) return null;
  if (entries.length === 0) return empty;
  const shown = until ? entries : entries.slice(0, limit);
  const last = shown.at(-1);
  return (
    <>
      <ol className={classes.feed}>
        {shown.map((entry) => (
          <ActivityLine key={entry.id} entry={entry} namesTicket={namesTicket} />
        ))}
      </ol>
      {!until && last && entries.length > shown.length && (
        <Button variant="subtle" color="gray" className={classes.more} onClick={() => onMore(placeOf(last))}>
          Show earlier changes
        </Button>
      )}
    </>
  );
}

const placeOf = (entry: ActivityEntry): ActivityCursor => ({ createdAt: entry.created_at, id: entry.id });
