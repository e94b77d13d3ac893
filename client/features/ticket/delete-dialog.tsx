import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { Answer } from '../../local-db/ask-server.ts';
import classes from './ticket.module.css';

interface DeleteDialogProps {
  title: string;
  onDelete: () => Promise<Answer<unknown>>;
  onClose: () => void;
}

/** Asks once. A refusal stands in the dialog, beside the button that caused it. */
export function DeleteDialog({ title, onDelete, onClose }: DeleteDialogProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const remove = async () => {
    setBusy(true);
    const answer = await onDelete();
    setBusy(false);
    if (!answer.ok) setProblem(answer.reason);
  };
  return (
    <Modal opened onClose={onClose} title="Delete this ticket?" centered size="sm">
      <Text size="sm">“{title}” moves to the trash for everybody. It can be restored.</Text>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onClose}>
          Keep
        </Button>
        <Button color="red" loading={busy} onClick={() => void remove()} data-autofocus>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}
