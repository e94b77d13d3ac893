import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useDeletion } from '../../local-db/activity-hooks.ts';
import { useProfiles } from '../../local-db/hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { useFieldsInReview } from '../../local-db/ticket-hooks.ts';
import { restoreFromTrash } from '../../local-db/trash.ts';
import { refusalOf, useOfflineReason, usePermit } from '../../local-db/use-permissions.ts';
import { OnlineOnly } from '../../ui/online-only.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import classes from './ticket.module.css';

/** Says on a deleted ticket who deleted it and when, whether edits wait for it, and takes it out again (C11). */
export function TrashNote({ ticket }: { ticket: Ticket }) {
  const permit = usePermit();
  const offline = useOfflineReason();
  const waiting = useFieldsInReview(ticket.id).size;
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const restore = async () => {
    setBusy(true);
    const answer = await restoreFromTrash(ticket.id);
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.reason);
  };
  const refusal = refusalOf(permit('ticket.restore', { projectId: ticket.project_id }));
  return (
    <section className={classes.trashNote} aria-label="In the trash">
      <div className={classes.trashWords}>
        <p className={classes.trashTitle}>This ticket is in the trash</p>
        <p className={classes.trashDetail}>
          <DeletedBy ticket={ticket} />
          {waiting > 0 && (
            <>
              {' '}
              {waitingWords(waiting)} in <Link to="/review">Review</Link>.
            </>
          )}
        </p>
        {problem && (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        )}
      </div>
      <OnlineOnly compact reason={refusal ?? offline}>
        <Button variant="default" loading={busy} onClick={() => void restore()}>
          Restore
        </Button>
      </OnlineOnly>
    </section>
  );
}

/** C11: an edit made apart is neither applied nor dropped. */
const waitingWords = (count: number): string =>
  count === 1 ? 'An edit made apart waits for a decision' : `${count} edits made apart wait for a decision`;

function DeletedBy({ ticket }: { ticket: Ticket }) {
  const deletion = useDeletion(ticket.id);
  const name = useProfiles().get(deletion?.actor_id ?? '')?.name;
  const at = ticket.deleted_at ?? deletion?.created_at;
  if (at === undefined) return null;
  return (
    <>
      {name ? `${name} moved it here` : 'It was moved here'} <RelativeTime at={at} />. Everything in it is
      kept.
    </>
  );
}
