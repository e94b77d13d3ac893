import { useMemo } from 'react';
import { z } from 'zod';
import { useLocalData } from './context.ts';
import { type OverlapReview, readOverlapReview } from './overlap-rows.ts';
import { useQuery } from './use-query.ts';
import { useWindowRows } from './use-window-rows.ts';

export interface OverlapFilter {
  readonly state: 'open' | 'resolved';
  readonly projectId?: string | undefined;
  /** Only those with this person's own words in them. */
  readonly mine: boolean;
}

const SHOWN = 50;

/** The reviews of descriptions that pass the filter, those opened last first. */
export function useOverlapReviews(filter: OverlapFilter): {
  readonly reviews: readonly OverlapReview[];
  readonly ready: boolean;
} {
  const { tables, userId } = useLocalData();
  const { state, projectId, mine } = filter;
  const inProject = projectId === undefined ? '' : ' AND project_id = ?';
  const { rows, ready } = useWindowRows(tables.descriptionReviews, {
    where: `state = ?${inProject}`,
    params: [state, ...(projectId === undefined ? [] : [projectId])],
    orderBy: [
      { column: 'opened_at', direction: 'desc' },
      { column: 'id', direction: 'asc' },
    ],
    limit: SHOWN,
    // Only the server opens reviews, so that no edit here makes one appear among the open ones.
    accepts: (row) => row.state === state && (projectId === undefined || row.project_id === projectId),
  });
  const reviews = useMemo(() => {
    const isMine = ({ authorId, theirAuthorIds }: OverlapReview) =>
      authorId === userId || theirAuthorIds.includes(userId);
    return rows.flatMap((row) => readOverlapReview(row) ?? []).filter((review) => !mine || isMine(review));
  }, [rows, mine, userId]);
  return { reviews, ready };
}

/** How many reviews of this ticket's description are open. */
export function useOpenOverlapCount(ticketId: string): number {
  const counts = useQuery({
    sql: `SELECT count(*) AS count FROM description_reviews WHERE ticket_id = ? AND state = 'open'`,
    params: [ticketId],
    tables: ['description_reviews'],
    row: z.object({ count: z.number() }),
  });
  return counts?.[0]?.count ?? 0;
}
