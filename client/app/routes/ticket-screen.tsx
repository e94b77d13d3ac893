import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { DescriptionEditor } from '../../description/editor.tsx';
import { TicketActivity } from '../../features/activity/ticket-activity.tsx';
import { HistoryButton } from '../../features/history/history-button.tsx';
import { FieldReview } from '../../features/review/field-review.tsx';
import { TicketPage } from '../../features/ticket/ticket-page.tsx';
import { useLocalData } from '../../local-db/context.ts';
import { useProjects } from '../../local-db/hooks.ts';
import { createMentionSource } from '../../local-db/mention-source.ts';
import { useOpenOverlapCount } from '../../local-db/overlap-hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { NeedsReview } from '../../ui/needs-review.tsx';
import { useSession } from '../session-context.ts';

/** A ticket with its description, and where its links lead. */
export function TicketScreen({ ticketId }: { ticketId: string }) {
  const navigate = useNavigate();
  const projects = useProjects().rows;
  const keyOf = (projectId: string) => projects.find((project) => project.id === projectId)?.key;
  return (
    <TicketPage
      ticketId={ticketId}
      renderDescription={(ticket, readOnlyReason) => (
        <TicketDescription ticket={ticket} readOnlyReason={readOnlyReason} />
      )}
      renderFieldReview={(id, field) => <FieldReview ticketId={id} field={field} />}
      renderActivity={(id) => <TicketActivity ticketId={id} />}
      onOpen={({ id, number, project_id }) => {
        const key = keyOf(project_id);
        if (key === undefined || number === null) void navigate({ to: '/t/$id', params: { id } });
        else void navigate({ to: '/p/$key/$number', params: { key, number: String(number) } });
      }}
      onLeave={(projectId) => {
        const key = keyOf(projectId);
        void (key === undefined ? navigate({ to: '/' }) : navigate({ to: '/p/$key', params: { key } }));
      }}
    />
  );
}

interface TicketDescriptionProps {
  ticket: Pick<Ticket, 'id' | 'project_id'>;
  readOnlyReason: string | undefined;
}

function TicketDescription({ ticket, readOnlyReason }: TicketDescriptionProps) {
  const navigate = useNavigate();
  const { user } = useSession();
  const { db } = useLocalData();
  const mentions = useMemo(() => createMentionSource(db, ticket.project_id), [db, ticket.project_id]);
  return (
    <DescriptionEditor
      ticketId={ticket.id}
      editable={readOnlyReason === undefined}
      readOnlyReason={readOnlyReason}
      user={{ id: user.id, name: user.name }}
      mentions={mentions}
      onOpenTicket={(id) => void navigate({ to: '/t/$id', params: { id } })}
      actions={
        <>
          <OverlapsToReview ticketId={ticket.id} />
          <HistoryButton ticketId={ticket.id} projectId={ticket.project_id} />
        </>
      }
    />
  );
}

/** Leads to the review of what two people changed in this description while apart. */
function OverlapsToReview({ ticketId }: { ticketId: string }) {
  if (useOpenOverlapCount(ticketId) === 0) return null;
  return (
    <Link to="/review" search={{ field: 'description' }}>
      <NeedsReview words="Needs review" />
    </Link>
  );
}
