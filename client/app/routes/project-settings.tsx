import { useParams } from '@tanstack/react-router';
import { ProjectSettings } from '../../features/settings/project-settings.tsx';
import { NoProject } from './no-project.tsx';
import { useProject } from './use-project.ts';

export function ProjectSettingsRoute() {
  const { key } = useParams({ from: '/p/$key/settings' });
  const found = useProject(key);
  if (found.kind === 'reading') return null;
  if (found.kind === 'unknown') return <NoProject projectKey={key} />;
  return <ProjectSettings key={found.project.id} project={found.project} />;
}
