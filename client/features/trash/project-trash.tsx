import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useProfiles } from '../../local-db/hooks.ts';
import type { Project } from '../../local-db/rows.ts';
import { restoreFromTrash } from '../../local-db/trash.ts';
import { type TrashedTicket, useTrash } from '../../local-db/trash-hooks.ts';
import { refusalOf, useOfflineReason, usePermit } from '../../local-db/use-permissions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { NeedsReview } from '../../ui/needs-review.tsx';
import { OnlineOnly } from '../../ui/online-only.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { TicketKey } from '../../ui/ticket-key.tsx';
import classes from './trash.module.css';

const PAGE = 100;

/** The deleted tickets of a project: what they were, who deleted them and when, and the way back. */
export function ProjectTrash({ project }: { project: Project }) {
  const [limit, setLimit] = useState(PAGE);
  // One more than shown: then there are more.
  const tickets = useTrash(project.id, limit + 1);
  const permit = usePermit();
  const offline = useOfflineReason();
  if (!tickets) return null;
  const refusal = refusalOf(permit('ticket.restore', { projectId: project.id })) ?? offline;
  return (
    <div className={classes.page}>
      <header>
        <h1 className={classes.title}>Trash</h1>
        <p className={classes.quiet}>
          Deleted tickets stay here and can be restored. What others edited in them meanwhile is kept, too.
        </p>
      </header>
      {tickets.length === 0 ? (
        <EmptyState icon={<IconTrash size={32} stroke={1.4} aria-hidden />} title="The trash is empty">
          A ticket that somebody deletes comes here, for everybody in {project.name}.
        </EmptyState>
      ) : (
        <OnlineOnly reason={refusal}>
          <ul className={classes.tickets}>
            {tickets.slice(0, limit).map((ticket) => (
              <TrashLine key={ticket.id} ticket={ticket} projectKey={project.key} />
            ))}
          </ul>
        </OnlineOnly>
      )}
      {tickets.length > limit && (
        <Button variant="subtle" color="gray" onClick={() => setLimit(limit + PAGE)}>
          Show more
        </Button>
      )}
    </div>
  );
}

function TrashLine({ ticket, projectKey }: { ticket: TrashedTicket; projectKey: string }) {
  const profiles = useProfiles();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const restore = async () => {
    setBusy(true);
    const answer = await restoreFromTrash(ticket.id);
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.reason);
  };
  const who = ticket.deleted_by === null ? undefined : (profiles.get(ticket.deleted_by)?.name ?? 'somebody');
  return (
    <li className={classes.ticket}>
      <Link to="/t/$id" params={{ id: ticket.id }} className={classes.link}>
        <TicketKey projectKey={projectKey} number={ticket.number} />
        <span className={classes.ticketTitle}>{ticket.title}</span>
      </Link>
      {ticket.waiting > 0 && (
        <NeedsReview words={ticket.waiting === 1 ? 'An edit waits' : `${ticket.waiting} edits wait`} />
      )}
      <span className={classes.when}>
        {who ? `Deleted by ${who}` : 'Deleted'} <RelativeTime at={ticket.deleted_at} />
      </span>
      <Button
        variant="default"
        loading={busy}
        aria-label={`Restore ${ticket.title}`}
        onClick={() => void restore()}
      >
        Restore
      </Button>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}
