import { useState } from 'react';
import { ImportTickets } from '../../features/import/import-tickets.tsx';
import { CreateProjectDialog } from '../../features/settings/create-project-dialog.tsx';

export function ImportRoute() {
  const [creating, setCreating] = useState(false);
  return (
    <>
      <ImportTickets onNewProject={() => setCreating(true)} />
      {creating && <CreateProjectDialog stay onClose={() => setCreating(false)} />}
    </>
  );
}
