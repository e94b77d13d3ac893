import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTicketOff } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { FieldName } from '../../../shared/tickets/fields.ts';
import { useEdits } from '../../local-db/context.ts';
import { usePendingRows, useProjects, useTicket } from '../../local-db/hooks.ts';
import { usePendingFields } from '../../local-db/outbox/hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { type NumberedRow, useNeighbours } from '../../local-db/ticket-hooks.ts';
import { moveToTrash, restoreFromTrash } from '../../local-db/trash.ts';
import { refusalOf, useOfflineReason, usePermit } from '../../local-db/use-permissions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Comments } from './comments.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { FieldsRail } from './fields-rail.tsx';
import classes from './ticket.module.css';
import { TicketBar } from './ticket-bar.tsx';
import { TitleField } from './title-field.tsx';
import { TrashNote } from './trash-note.tsx';

interface TicketPageProps {
  ticketId: string;
  /** The description, which has its own way to the server. */
  renderDescription: (ticket: Ticket, readOnlyReason: string | undefined) => ReactNode;
  /** The open questions about a field, beside it; a feature of its own. */
  renderFieldReview: (ticketId: string, field: FieldName) => ReactNode;
  /** What happened to the ticket; a feature of its own. */
  renderActivity: (ticketId: string) => ReactNode;
  onOpen: (ticket: NumberedRow) => void;
  /** Back to the project's list. */
  onLeave: (projectId: string) => void;
}

/** One ticket: title, description, comments and activity in the column, fields in the rail. */
export function TicketPage({ ticketId, ...rest }: TicketPageProps) {
  const { ticket, ready } = useTicket(ticketId);
  if (ticket) return <FoundTicket key={ticket.id} ticket={ticket} {...rest} />;
  return ready ? <NoSuchTicket /> : null;
}

/** Said where a link leads to nothing this device has. */
export function NoSuchTicket() {
  return (
    <EmptyState icon={<IconTicketOff size={32} stroke={1.4} aria-hidden />} title="No such ticket here">
      It may have been deleted, or it has not reached this device yet. If somebody sent you this link, ask
      them whether you are a member of the project.
    </EmptyState>
  );
}

type FoundTicketProps = Omit<TicketPageProps, 'ticketId'> & { ticket: Ticket };

function FoundTicket(props: FoundTicketProps) {
  const { ticket, renderDescription, renderFieldReview, renderActivity, onOpen, onLeave } = props;
  const project = useProjects().rows.find((one) => one.id === ticket.project_id);
  const pending = usePendingRows();
  const pendingFields = usePendingFields(ticket.id);
  const permit = usePermit();
  const edits = useEdits();
  const offline = useOfflineReason();
  const neighbours = useNeighbours(ticket);
  const [deleting, setDeleting] = useState(false);
  const subject = { projectId: ticket.project_id };
  const inTrash = ticket.deleted_at !== null;
  const refusal = inTrash ? 'This ticket is in the trash.' : refusalOf(permit('ticket.edit', subject));
  const remove = async () => {
    const answer = await moveToTrash(ticket);
    if (answer.ok) {
      offerUndo(ticket);
      onLeave(ticket.project_id);
    }
    return answer;
  };
  return (
    <div className={classes.page}>
      <TicketBar
        project={project}
        ticket={ticket}
        pending={pending.has(ticket.id)}
        neighbours={neighbours}
        onOpen={onOpen}
        onDelete={() => setDeleting(true)}
        deleteRefusal={refusalOf(permit('ticket.delete', subject)) ?? notSentYet(ticket) ?? offline}
      />
      <div className={classes.scroll}>
        <div className={classes.columns}>
          <article className={classes.main}>
            <div className={classes.head}>
              {inTrash && <TrashNote ticket={ticket} />}
              <TitleField
                title={ticket.title}
                onChange={(title) => edits.editTicket(ticket.id, { title })}
                pending={pendingFields.has('title')}
                readOnlyBecause={refusal}
              />
              {renderFieldReview(ticket.id, 'title')}
            </div>
            <div className={classes.description}>{renderDescription(ticket, refusal)}</div>
            <div className={classes.below}>
              <Comments ticket={ticket} />
              {renderActivity(ticket.id)}
            </div>
          </article>
          <FieldsRail
            ticket={ticket}
            readOnlyBecause={refusal}
            renderReview={(field) => renderFieldReview(ticket.id, field)}
          />
        </div>
      </div>
      {deleting && <DeleteDialog title={ticket.title} onDelete={remove} onClose={() => setDeleting(false)} />}
    </div>
  );
}

const notSentYet = (ticket: Ticket): string | undefined =>
  ticket.revision === null ? 'It has not been sent to the server yet.' : undefined;

const UNDO_MS = 10_000;

function offerUndo(ticket: Ticket): void {
  const undo = async () => {
    notifications.hide(ticket.id);
    const answer = await restoreFromTrash(ticket.id);
    if (!answer.ok) notifications.show({ color: 'red', title: 'Not restored', message: answer.reason });
  };
  notifications.show({
    id: ticket.id,
    autoClose: UNDO_MS,
    withBorder: true,
    title: 'Moved to the trash',
    message: (
      <span className={classes.undo}>
        <span>{ticket.title}</span>
        <Button variant="light" onClick={() => void undo()}>
          Undo
        </Button>
      </span>
    ),
  });
}
