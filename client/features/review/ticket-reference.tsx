import { Link } from '@tanstack/react-router';
import { useProjects } from '../../local-db/hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { TicketKey } from '../../ui/ticket-key.tsx';
import classes from './review.module.css';

interface TicketReferenceProps {
  ticketId: string;
  /** Absent until it has arrived on this device. */
  ticket: Ticket | undefined;
}

/** The ticket a question is about, by key and title, as a link. */
export function TicketReference({ ticketId, ticket }: TicketReferenceProps) {
  const project = useProjects().rows.find((one) => one.id === ticket?.project_id);
  return (
    <Link to="/t/$id" params={{ id: ticketId }} className={classes.reference}>
      {ticket && project && <TicketKey projectKey={project.key} number={ticket.number} />}
      <span className={classes.referenceTitle}>{ticket?.title ?? 'A ticket'}</span>
      {ticket?.deleted_at && <span className={classes.trash}>In the trash</span>}
    </Link>
  );
}
