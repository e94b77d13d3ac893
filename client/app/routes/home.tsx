import { Button } from '@mantine/core';
import { IconFolderPlus } from '@tabler/icons-react';
import { Navigate, useRouteContext } from '@tanstack/react-router';
import { useState } from 'react';
import { CreateProjectDialog } from '../../features/settings/create-project-dialog.tsx';
import { useProjects } from '../../local-db/hooks.ts';
import { useFirstDownload } from '../../local-db/use-first-download.ts';
import { EmptyState } from '../../ui/empty-state.tsx';

/** Leads to the project looked at last; on a new device to the oldest, which is the team's and not a trial. */
export function HomeRoute() {
  const { lastProject } = useRouteContext({ from: '__root__' });
  const { rows, ready } = useProjects();
  const downloading = useFirstDownload();
  const [creating, setCreating] = useState(false);
  if (!ready) return null;
  const last = lastProject.read();
  const byAge = rows.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  const project = rows.find((one) => one.key === last) ?? byAge[0];
  if (project) return <Navigate to="/p/$key" params={{ key: project.key }} replace />;
  if (downloading)
    return <EmptyState title="Getting your projects">They stay on this device from then on.</EmptyState>;
  return (
    <>
      <EmptyState
        icon={<IconFolderPlus size={32} stroke={1.4} aria-hidden />}
        title="You are in no project yet"
        action={<Button onClick={() => setCreating(true)}>New project</Button>}
      >
        Make a project for your team’s tickets, or ask somebody to add you to theirs.
      </EmptyState>
      {creating && <CreateProjectDialog onClose={() => setCreating(false)} />}
    </>
  );
}
