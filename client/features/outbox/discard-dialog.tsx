import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useDescriptions } from '../../description/context.tsx';
import { useLocalData } from '../../local-db/context.ts';
import { discardOp } from '../../local-db/outbox/discard.ts';
import type { WaitingOp } from '../../local-db/outbox/entries.ts';
import { useDependents } from '../../local-db/outbox/hooks.ts';
import { opText } from './op-words.ts';
import classes from './outbox.module.css';
import { useNameOf } from './use-names.ts';

interface DiscardDialogProps {
  readonly op: WaitingOp;
  readonly words: string;
  readonly onClose: () => void;
}

/** Asks once, and says what goes with it. */
export function DiscardDialog({ op, words, onClose }: DiscardDialogProps) {
  const { db } = useLocalData();
  const descriptions = useDescriptions();
  const dependents = useDependents(op.op_id);
  const nameOf = useNameOf();
  const [problem, setProblem] = useState<string>();
  const isNewTicket = op.op === 'PUT' && op.table_name === 'tickets';
  const discard = async () => {
    const discarded = await discardOp(db, { opId: op.op_id, rowId: op.row_id });
    if (!discarded.ok) return setProblem(discarded.reason);
    for (const ticketId of discarded.tickets) await descriptions.forget(ticketId);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Discard this change?" centered>
      <Stack gap="sm">
        <Text fw={500}>{words}</Text>
        <Text>
          {isNewTicket
            ? 'Nobody else has seen this ticket. It goes with its description and everything below.'
            : 'It has not left this device. What stood there before comes back.'}
        </Text>
        {dependents.length > 0 && (
          <ul className={classes.plainList} aria-label="Goes with it">
            {dependents.map((one) => (
              <li key={one.op_id}>{opText(one, nameOf)}</li>
            ))}
          </ul>
        )}
        {problem && (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red" onClick={() => void discard()}>
            {dependents.length > 0 ? `Discard ${dependents.length + 1} changes` : 'Discard'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
