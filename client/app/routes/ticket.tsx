import { useParams } from '@tanstack/react-router';
import { TicketScreen } from './ticket-screen.tsx';

/** A ticket by its id: also one that the server has not numbered yet. */
export function TicketRoute() {
  const { id } = useParams({ from: '/t/$id' });
  return <TicketScreen ticketId={id} />;
}
