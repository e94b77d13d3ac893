import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { toFilter, toSearch } from '../../features/ticket-list/list-search.ts';
import { TicketList } from '../../features/ticket-list/ticket-list.tsx';
import { useNewTicket } from '../new-ticket-context.ts';
import { NoProject } from './no-project.tsx';
import { useProject } from './use-project.ts';

export function ProjectListRoute() {
  const { key } = useParams({ from: '/p/$key' });
  const search = useSearch({ from: '/p/$key' });
  const navigate = useNavigate();
  const openNewTicket = useNewTicket();
  const filter = useMemo(() => toFilter(search), [search]);
  const found = useProject(key);
  if (found.kind === 'reading') return null;
  if (found.kind === 'unknown') return <NoProject projectKey={key} />;
  return (
    <TicketList
      key={found.project.id}
      project={found.project}
      filter={filter}
      onFilter={(next) =>
        void navigate({ to: '/p/$key', params: { key }, search: toSearch(next), replace: true })
      }
      onNewTicket={openNewTicket}
    />
  );
}
