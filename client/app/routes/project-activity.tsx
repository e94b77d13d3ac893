import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ProjectActivity } from '../../features/activity/project-activity.tsx';
import { NoProject } from './no-project.tsx';
import { useProject } from './use-project.ts';

export function ProjectActivityRoute() {
  const { key } = useParams({ from: '/p/$key/activity' });
  const search = useSearch({ from: '/p/$key/activity' });
  const navigate = useNavigate();
  const found = useProject(key);
  if (found.kind === 'reading') return null;
  if (found.kind === 'unknown') return <NoProject projectKey={key} />;
  return (
    <ProjectActivity
      key={found.project.id}
      project={found.project}
      search={search}
      onSearch={(next) =>
        void navigate({ to: '/p/$key/activity', params: { key }, search: next, replace: true })
      }
    />
  );
}
