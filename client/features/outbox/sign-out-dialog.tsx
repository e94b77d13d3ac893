import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useDescriptions, useObservable } from '../../description/context.tsx';
import { useSyncState } from '../../local-db/context.ts';
import { useOutboxCounts } from '../../local-db/outbox/hooks.ts';
import { ExportButton } from './export-button.tsx';
import classes from './outbox.module.css';
import { UnsentList } from './unsent-list.tsx';
import { changesWords } from './waiting-words.ts';

interface SignOutDialogProps {
  readonly onStay: () => void;
  /** Signs out and leaves data and unsent changes on this device, for this account only. */
  readonly onKeep: () => void;
  /** Deletes this account's data from this device, with what was not sent, and signs out. */
  readonly onErase: () => Promise<void>;
}

type Step = 'ask' | 'wait' | 'confirm';

/** Signing out never drops an unsent change that its author was not told of. */
export function SignOutDialog(props: SignOutDialogProps) {
  const counts = useOutboxCounts();
  const descriptions = useObservable(useDescriptions().sync.waiting).length;
  const [step, setStep] = useState<Step>('ask');
  if (!counts) return null;
  const unsent = counts.waiting + descriptions;
  const title = step === 'confirm' ? 'Delete from this device?' : 'Sign out';
  return (
    <Modal opened onClose={props.onStay} title={title} centered size={680}>
      <Stack gap="md">
        {step === 'wait' && <Wait unsent={unsent} onSent={props.onKeep} onBack={() => setStep('ask')} />}
        {step === 'confirm' && <Confirm {...props} unsent={unsent} onBack={() => setStep('ask')} />}
        {step === 'ask' &&
          (unsent === 0 ? (
            <AllSent {...props} onDelete={() => setStep('confirm')} />
          ) : (
            <SomeUnsent {...props} unsent={unsent} onStep={setStep} />
          ))}
      </Stack>
    </Modal>
  );
}

function AllSent({ onStay, onKeep, onDelete }: SignOutDialogProps & { onDelete: () => void }) {
  return (
    <>
      <Text>
        Everything you wrote was sent. Your projects can stay on this device for the next time, for your
        account only, or be deleted from it.
      </Text>
      <Group justify="flex-end" gap="xs" className={classes.choices}>
        <Button variant="default" onClick={onStay}>
          Stay signed in
        </Button>
        <Button variant="light" color="red" onClick={onDelete}>
          Delete from this device…
        </Button>
        <Button onClick={onKeep} data-autofocus>
          Sign out, keep on this device
        </Button>
      </Group>
    </>
  );
}

type SomeUnsentProps = SignOutDialogProps & { unsent: number; onStep: (step: Step) => void };

function SomeUnsent({ unsent, onKeep, onStep }: SomeUnsentProps) {
  const { kind } = useSyncState();
  const cannotSend = kind === 'offline' || kind === 'unreachable' || kind === 'needs-sign-in';
  return (
    <>
      <Text>
        {changesWords(unsent)} {unsent === 1 ? 'is' : 'are'} only on this device. Kept here, nobody else can
        see them; they are sent when you sign in again with this account in this browser.
      </Text>
      <UnsentList />
      {cannotSend && (
        <Text fz="sm" c="dimmed">
          They cannot be sent just now, so waiting may take a while.
        </Text>
      )}
      <Group justify="space-between" gap="xs" className={classes.choices}>
        <ExportButton />
        <Group gap="xs" className={classes.choices}>
          <Button variant="light" color="red" onClick={() => onStep('confirm')}>
            Delete them…
          </Button>
          <Button variant="default" onClick={() => onStep('wait')}>
            Wait, then sign out
          </Button>
          <Button onClick={onKeep} data-autofocus>
            Sign out, keep on this device
          </Button>
        </Group>
      </Group>
    </>
  );
}

interface WaitProps {
  readonly unsent: number;
  readonly onSent: () => void;
  readonly onBack: () => void;
}

/** Signs out by itself as soon as nothing is left to send. */
function Wait({ unsent, onSent, onBack }: WaitProps) {
  const isSent = unsent === 0;
  useEffect(() => {
    if (isSent) onSent();
  }, [isSent, onSent]);
  return (
    <>
      <Text role="status">
        {changesWords(unsent)} to send. You are signed out as soon as the server has them.
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack} data-autofocus>
          Back
        </Button>
      </Group>
    </>
  );
}

type ConfirmProps = SignOutDialogProps & { readonly unsent: number; readonly onBack: () => void };

function Confirm({ unsent, onErase, onBack }: ConfirmProps) {
  const [erasing, setErasing] = useState(false);
  const [problem, setProblem] = useState<string>();
  const erase = async () => {
    setErasing(true);
    try {
      await onErase();
    } catch (error) {
      setProblem(
        `Not everything could be deleted (${String(error)}). Close other tabs of Rejoin and try again.`,
      );
      setErasing(false);
    }
  };
  return (
    <>
      <Text>
        {unsent === 0
          ? 'Your projects are deleted from this device. They are loaded again when you sign in.'
          : `${changesWords(unsent)} will be lost for good: the server has never had them, and nobody can bring them back.`}
      </Text>
      {unsent > 0 && <UnsentList />}
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <Group justify="space-between" gap="xs" className={classes.choices}>
        {unsent > 0 ? <ExportButton /> : <span />}
        <Group gap="xs" className={classes.choices}>
          <Button variant="default" onClick={onBack} data-autofocus>
            Back
          </Button>
          <Button color="red" loading={erasing} onClick={() => void erase()}>
            {unsent === 0 ? 'Delete and sign out' : `Sign out and lose ${changesWords(unsent)}`}
          </Button>
        </Group>
      </Group>
    </>
  );
}
