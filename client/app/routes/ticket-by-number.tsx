import { useParams } from '@tanstack/react-router';
import { NoSuchTicket } from '../../features/ticket/ticket-page.tsx';
import { useTicketId } from '../../local-db/ticket-hooks.ts';
import { NoProject } from './no-project.tsx';
import { TicketScreen } from './ticket-screen.tsx';
import { useProject } from './use-project.ts';

/** A ticket by what people call it: project key and number. */
export function NumberedTicketRoute() {
  const { key, number } = useParams({ from: '/p/$key/$number' });
  const found = useProject(key);
  if (found.kind === 'reading') return null;
  if (found.kind === 'unknown') return <NoProject projectKey={key} />;
  return /^\d{1,9}$/.test(number) ? (
    <Numbered projectId={found.project.id} number={Number(number)} />
  ) : (
    <NoSuchTicket />
  );
}

function Numbered({ projectId, number }: { projectId: string; number: number }) {
  const id = useTicketId(projectId, number);
  if (id === undefined) return null;
  return id === null ? <NoSuchTicket /> : <TicketScreen ticketId={id} />;
}
