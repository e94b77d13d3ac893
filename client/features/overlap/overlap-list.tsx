import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTicketsById } from '../../local-db/conflict-hooks.ts';
import { useLocalData } from '../../local-db/context.ts';
import { usePendingRows, useProfiles, useProjects } from '../../local-db/hooks.ts';
import type { OverlapReview } from '../../local-db/overlap-rows.ts';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { type TicketPlace, TicketReference } from '../../ui/ticket-reference.tsx';
import classes from './overlap.module.css';
import { OverlapReviewCard } from './overlap-review.tsx';
import { type Names, settledWords } from './overlap-words.ts';

interface OverlapListProps {
  reviews: readonly OverlapReview[];
}

/** Reviews of descriptions: the open ones to settle, the settled ones to look up. */
export default function OverlapList({ reviews }: OverlapListProps) {
  const names = useNames();
  const placeOf = usePlaces(reviews);
  const pending = usePendingRows();
  return (
    <ul className={classes.list} aria-label="Descriptions">
      {reviews.map((review, index) => (
        <li key={review.id}>
          {review.state === 'open' ? (
            <OverlapReviewCard
              review={review}
              place={placeOf(review)}
              names={names}
              opened={index === 0}
              onSettled={() =>
                notifications.show({ message: 'Settled. The description says what you chose.' })
              }
            />
          ) : (
            <p className={classes.settled}>
              <TicketReference place={placeOf(review)} />
              <span>{settledWords(review, names)}</span>
              <span className={classes.when}>
                {pending.has(review.id) && <PendingDot />}
                <RelativeTime at={review.resolvedAt ?? review.openedAt} />
              </span>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function useNames(): Names {
  const { userId } = useLocalData();
  const profiles = useProfiles();
  return useMemo(
    () => ({ userId, nameOf: (id) => profiles.get(id)?.name ?? 'somebody' }),
    [userId, profiles],
  );
}

function usePlaces(reviews: readonly OverlapReview[]): (review: OverlapReview) => TicketPlace {
  const ids = useMemo(() => reviews.map((review) => review.ticketId), [reviews]);
  const tickets = useTicketsById(ids);
  const projects = useProjects().rows;
  return ({ ticketId, projectId }) => ({
    ticket_id: ticketId,
    ticket_title: tickets.get(ticketId)?.title ?? null,
    ticket_number: tickets.get(ticketId)?.number ?? null,
    project_key: projects.find((project) => project.id === projectId)?.key ?? null,
  });
}
