import { useProjects } from '../../local-db/hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { TicketReference } from '../../ui/ticket-reference.tsx';
import classes from './review.module.css';

/** The ticket a question is about, as a link; nothing until it has arrived on this device. */
export function AskedTicket({ ticket }: { ticket: Ticket | undefined }) {
  const project = useProjects().rows.find((one) => one.id === ticket?.project_id);
  if (!ticket || !project) return null;
  const place = {
    ticket_id: ticket.id,
    ticket_title: ticket.title,
    ticket_number: ticket.number,
    project_key: project.key,
  };
  return (
    <span className={classes.asked}>
      <TicketReference place={place} />
      {ticket.deleted_at !== null && <span className={classes.trash}>In the trash</span>}
    </span>
  );
}
