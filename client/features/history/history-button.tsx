import { ActionIcon, Button, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconHistory } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { loadLater, ReloadNote } from '../../ui/load-later.tsx';

/** It shows documents, and so brings the editor's code: not before somebody looks. */
const HistoryPanel = loadLater(
  () => import('./history-panel.tsx'),
  () => <ReloadNote to="see the history" />,
);

interface HistoryButtonProps {
  ticketId: string;
  projectId: string;
}

/** Opens the history of a ticket's description beside it. */
export function HistoryButton({ ticketId, projectId }: HistoryButtonProps) {
  const [opened, setOpened] = useState(false);
  const isNarrow = useMediaQuery('(max-width: 48em)') ?? false;
  const opening = { 'aria-haspopup': 'dialog', onClick: () => setOpened(true) } as const;
  return (
    <>
      {isNarrow ? (
        <ActionIcon variant="subtle" color="gray" aria-label="History" {...opening}>
          <IconHistory size={16} aria-hidden />
        </ActionIcon>
      ) : (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconHistory size={14} aria-hidden />}
          {...opening}
        >
          History
        </Button>
      )}
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="right"
        size={isNarrow ? '100%' : 'min(1040px, 92vw)'}
        title="History of the description"
        transitionProps={{ duration: 120 }}
      >
        <Suspense>
          <HistoryPanel ticketId={ticketId} projectId={projectId} />
        </Suspense>
      </Drawer>
    </>
  );
}
