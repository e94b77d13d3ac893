import { IconFolderOff } from '@tabler/icons-react';
import { useFirstDownload } from '../../local-db/use-first-download.ts';
import { EmptyState } from '../../ui/empty-state.tsx';

/** Said where an address names a project this device does not have. */
export function NoProject({ projectKey }: { projectKey: string }) {
  if (useFirstDownload())
    return <EmptyState title="Getting your projects">They stay on this device from then on.</EmptyState>;
  return (
    <EmptyState
      icon={<IconFolderOff size={32} stroke={1.4} aria-hidden />}
      title={`You have no project ${projectKey}`}
    >
      You may not be a member of it. Ask one of its admins to add you.
    </EmptyState>
  );
}
