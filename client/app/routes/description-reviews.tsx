import { Suspense } from 'react';
import type { OtherReviews } from '../../features/review/review-panel.tsx';
import type { ReviewFilter } from '../../features/review/review-search.ts';
import { useProjects } from '../../local-db/hooks.ts';
import { useOverlapReviews } from '../../local-db/overlap-hooks.ts';
import { loadLater, ReloadNote } from '../../ui/load-later.tsx';

/** It shows documents, and so brings the editor's code: not before there is one to show. */
const OverlapList = loadLater(
  () => import('../../features/overlap/overlap-list.tsx'),
  () => <ReloadNote to="look at descriptions" />,
);

/** The overlaps of descriptions that pass the review panel's filter. */
export function useDescriptionReviews({ tab, projectKey, field, mine }: ReviewFilter): OtherReviews {
  const project = useProjects().rows.find((one) => one.key === projectKey);
  const projectId = projectKey === null ? undefined : (project?.id ?? NO_PROJECT);
  const open = useOverlapReviews({ state: 'open', projectId, mine }).reviews;
  const resolved = useOverlapReviews({ state: 'resolved', projectId, mine }).reviews;
  const isWanted = field === null || field === 'description';
  const shown = isWanted ? (tab === 'open' ? open : resolved) : [];
  return {
    open: isWanted ? open.length : 0,
    list: shown.length > 0 && (
      <Suspense>
        <OverlapList reviews={shown} />
      </Suspense>
    ),
  };
}

/** Until the project of an address is known, none of its reviews are. */
const NO_PROJECT = '';
