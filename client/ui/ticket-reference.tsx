import { Link } from '@tanstack/react-router';
import classes from './marks.module.css';
import { TicketKey } from './ticket-key.tsx';

export interface TicketPlace {
  readonly ticket_id: string | null;
  readonly ticket_title: string | null;
  readonly ticket_number?: number | null | undefined;
  readonly project_key: string | null;
}

/** A ticket by key and title, as a link where there is one to follow. */
export function TicketReference({ place, onFollow }: { place: TicketPlace; onFollow?: () => void }) {
  const { ticket_id, ticket_title, ticket_number = null, project_key } = place;
  if (ticket_id === null || project_key === null) return null;
  return (
    <Link to="/t/$id" params={{ id: ticket_id }} className={classes.reference} onClick={onFollow}>
      <TicketKey projectKey={project_key} number={ticket_number} />
      <span className={classes.referenceTitle}>{ticket_title ?? 'A ticket in the trash'}</span>
    </Link>
  );
}
