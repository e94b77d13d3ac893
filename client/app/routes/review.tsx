import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ReviewPanel } from '../../features/review/review-panel.tsx';
import { toReviewFilter, toReviewSearch } from '../../features/review/review-search.ts';
import { useDescriptionReviews } from './description-reviews.tsx';

export function ReviewRoute() {
  const search = useSearch({ from: '/review' });
  const navigate = useNavigate();
  const filter = useMemo(() => toReviewFilter(search), [search]);
  const others = useDescriptionReviews(filter);
  return (
    <ReviewPanel
      filter={filter}
      others={others}
      onFilter={(next) => void navigate({ to: '/review', search: toReviewSearch(next), replace: true })}
    />
  );
}
