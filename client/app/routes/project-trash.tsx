import { useParams } from '@tanstack/react-router';
import { ProjectTrash } from '../../features/trash/project-trash.tsx';
import { NoProject } from './no-project.tsx';
import { useProject } from './use-project.ts';

export function ProjectTrashRoute() {
  const { key } = useParams({ from: '/p/$key/trash' });
  const found = useProject(key);
  if (found.kind === 'reading') return null;
  if (found.kind === 'unknown') return <NoProject projectKey={key} />;
  return <ProjectTrash key={found.project.id} project={found.project} />;
}
