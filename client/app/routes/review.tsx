import { OpenConflicts } from '../../features/inbox/open-conflicts.tsx';

export function ReviewRoute() {
  return <OpenConflicts />;
}
