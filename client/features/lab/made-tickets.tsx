import { usePendingRows, useTicket } from '../../local-db/hooks.ts';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { StatusIcon } from '../../ui/status-icon.tsx';
import { TicketKey } from '../../ui/ticket-key.tsx';
import classes from './lab.module.css';

interface MadeTicketsProps {
  ticketIds: readonly string[];
  projectKey: string;
}

/** The tickets that a run has made, as far as this device has them. */
export function MadeTickets({ ticketIds, projectKey }: MadeTicketsProps) {
  return (
    <ul className={classes.made} aria-label="Tickets">
      {ticketIds.map((id) => (
        <MadeTicket key={id} ticketId={id} projectKey={projectKey} />
      ))}
    </ul>
  );
}

function MadeTicket({ ticketId, projectKey }: { ticketId: string; projectKey: string }) {
  const { ticket } = useTicket(ticketId);
  const pending = usePendingRows().has(ticketId);
  if (!ticket) return null;
  return (
    <li className={classes.madeTicket}>
      <StatusIcon status={ticket.status} />
      <TicketKey projectKey={projectKey} number={ticket.number} />
      <span className={classes.madeTitle}>{ticket.title}</span>
      {pending && <PendingDot />}
    </li>
  );
}
