import { ActionIcon, Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { FIELDS, type FieldName } from '../../../shared/tickets/fields.ts';
import type { Answer } from '../../local-db/ask-server.ts';
import { useEdits } from '../../local-db/context.ts';
import type { TicketChanges } from '../../local-db/edits.ts';
import { usePendingRows, useTicket } from '../../local-db/hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { useFieldsInReview } from '../../local-db/ticket-hooks.ts';
import { moveToTrash, restoreFromTrash } from '../../local-db/trash.ts';
import { useOfflineReason } from '../../local-db/use-permissions.ts';
import { DateField } from '../../ui/date-field.tsx';
import { NeedsReview } from '../../ui/needs-review.tsx';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { PriorityMenu } from '../../ui/priority-menu.tsx';
import { StatusMenu } from '../../ui/status-menu.tsx';
import { TicketKey } from '../../ui/ticket-key.tsx';
import classes from './lab.module.css';
import { TitleInput } from './title-input.tsx';

interface DeviceTicketProps {
  ticketId: string;
  projectKey: string;
  /** Why nothing can be changed now. */
  busyWords: string | undefined;
  renderLabels: (
    ticket: Ticket,
    readOnlyReason: string | undefined,
    onProblem: (reason: string | undefined) => void,
  ) => ReactNode;
  /** Absent where the description has no part in the story. */
  renderDescription?: ((ticket: Ticket, readOnlyReason: string | undefined) => ReactNode) | undefined;
}

/** The ticket as this device has it, to be changed where it stands. */
export function DeviceTicket({ ticketId, ...rest }: DeviceTicketProps) {
  const { ticket } = useTicket(ticketId);
  if (!ticket) return <p className={classes.quiet}>The ticket has not arrived on this device yet.</p>;
  return <FoundTicket ticket={ticket} {...rest} />;
}

type FoundTicketProps = Omit<DeviceTicketProps, 'ticketId'> & { ticket: Ticket };

function FoundTicket({ ticket, projectKey, busyWords, renderLabels, renderDescription }: FoundTicketProps) {
  const edits = useEdits();
  const pending = usePendingRows().has(ticket.id);
  const inReview = useFieldsInReview(ticket.id);
  const [problem, setProblem] = useState<string>();
  const inTrash = ticket.deleted_at !== null;
  const readOnlyBecause = inTrash ? 'This ticket is in the trash.' : busyWords;
  const change = async (changes: TicketChanges) => {
    const result = await edits.editTicket(ticket.id, changes);
    setProblem(result.ok ? undefined : result.reason);
  };
  const field = (name: FieldName, control: ReactNode) => (
    <Field label={FIELDS[name].label} inReview={inReview.has(name)}>
      {control}
    </Field>
  );
  return (
    <>
      <div className={classes.ticketHead}>
        <TicketKey projectKey={projectKey} number={ticket.number} />
        {pending && <PendingDot />}
        <TrashButton ticket={ticket} busyWords={busyWords} onProblem={setProblem} />
      </div>
      <TitleInput
        title={ticket.title}
        readOnlyBecause={readOnlyBecause}
        onChange={(title) => void change({ title })}
      />
      {inTrash && <p className={classes.trashNote}>In the trash</p>}
      <div className={classes.fields}>
        {field(
          'status',
          <StatusMenu
            value={ticket.status}
            onChange={(status) => void change({ status })}
            readOnlyBecause={readOnlyBecause}
          />,
        )}
        {field(
          'priority',
          <PriorityMenu
            value={ticket.priority}
            onChange={(priority) => void change({ priority })}
            readOnlyBecause={readOnlyBecause}
          />,
        )}
        {field(
          'due_on',
          <DateField
            label={FIELDS.due_on.label}
            emptyWords="No due date"
            value={ticket.due_on}
            onChange={(due_on) => void change({ due_on })}
            readOnlyBecause={readOnlyBecause}
          />,
        )}
        <Field label="Labels">{renderLabels(ticket, readOnlyBecause, setProblem)}</Field>
      </div>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      {renderDescription?.(ticket, inTrash ? readOnlyBecause : undefined)}
    </>
  );
}

function Field({
  label,
  inReview = false,
  children,
}: {
  label: string;
  inReview?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={classes.field}>
      <span className={classes.fieldLabel} aria-hidden>
        {label}
      </span>
      <div className={classes.fieldValue}>
        {children}
        {inReview && <NeedsReview words="Needs review" />}
      </div>
    </div>
  );
}

interface TrashButtonProps {
  ticket: Ticket;
  busyWords: string | undefined;
  onProblem: (reason: string | undefined) => void;
}

/** Deleting and restoring need the server: disabled while this device is offline. */
function TrashButton({ ticket, busyWords, onProblem }: TrashButtonProps) {
  const offline = useOfflineReason();
  const refusal =
    busyWords ?? offline ?? (ticket.revision === null ? 'It has not been sent yet.' : undefined);
  const ask = async (question: Promise<Answer<unknown>>) => {
    const answer = await question;
    onProblem(answer.ok ? undefined : answer.reason);
  };
  if (ticket.deleted_at !== null) {
    return (
      <Button
        variant="default"
        size="compact-xs"
        className={classes.trash}
        disabled={Boolean(refusal)}
        title={refusal}
        onClick={() => void ask(restoreFromTrash(ticket.id))}
      >
        Restore
      </Button>
    );
  }
  return (
    <ActionIcon
      size="sm"
      className={classes.trash}
      aria-label="Move to the trash"
      disabled={Boolean(refusal)}
      title={refusal ?? 'Move to the trash'}
      onClick={() => void ask(moveToTrash(ticket))}
    >
      <IconTrash size={15} aria-hidden />
    </ActionIcon>
  );
}
