import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useDescriptions, useObservable } from '../../description/context.tsx';
import { usePendingOps } from '../../local-db/hooks.ts';
import type { PendingOp } from '../../local-db/rows.ts';
import { opWords, readOpData } from './op-words.ts';
import classes from './sync.module.css';
import { changes } from './sync-words.ts';

interface SignOutDialogProps {
  readonly onStay: () => void;
  /** Signs out and leaves data and unsent changes on this device, for this account only. */
  readonly onKeep: () => void;
  /** Deletes this account's data from this device, with what was not sent, and signs out. */
  readonly onErase: () => Promise<void>;
}

/** Signing out never drops an unsent change that its author was not told of. */
export function SignOutDialog({ onStay, onKeep, onErase }: SignOutDialogProps) {
  const pending = usePendingOps();
  const descriptions = useObservable(useDescriptions().sync.waiting).length;
  const [erasing, setErasing] = useState(false);
  const erase = () => {
    setErasing(true);
    void onErase().finally(() => setErasing(false));
  };
  const unsent = pending.length + descriptions;
  const isSafe = unsent === 0;
  return (
    <Modal opened onClose={onStay} title="Sign out" centered>
      <Stack gap="md">
        {isSafe ? (
          <Text>
            Everything you wrote was sent. Your projects can stay on this device for the next time, for your
            account only, or be deleted from it.
          </Text>
        ) : (
          <Unsent ops={pending} descriptions={descriptions} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onStay}>
            {isSafe ? 'Stay signed in' : 'Wait until they are sent'}
          </Button>
          <Button variant="light" color="red" loading={erasing} onClick={erase}>
            {isSafe ? 'Sign out and delete from this device' : `Sign out and lose ${changes(unsent)}`}
          </Button>
          <Button onClick={onKeep} data-autofocus>
            Sign out, keep on this device
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface UnsentProps {
  readonly ops: readonly PendingOp[];
  readonly descriptions: number;
}

function Unsent({ ops, descriptions }: UnsentProps) {
  const count = ops.length + descriptions;
  return (
    <>
      <Text>
        {changes(count)} {count === 1 ? 'is' : 'are'} only on this device. Kept here, they are sent when you
        sign in again with this account.
      </Text>
      <ul className={classes.ops}>
        {ops.map((op) => (
          <li key={op.op_id} className={classes.op}>
            {opWords({ op: op.op, table: op.table_name, data: readOpData(op.data) })}
          </li>
        ))}
        {descriptions > 0 && (
          <li className={classes.op}>
            {descriptions === 1 ? 'Words in 1 description' : `Words in ${descriptions} descriptions`}
          </li>
        )}
      </ul>
    </>
  );
}
