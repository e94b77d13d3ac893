import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { useSession } from '../../description/context.tsx';
import type { Session } from '../../description/session.ts';
import type { OverlapReview } from '../../local-db/overlap-rows.ts';
import { refusalOf, usePermit } from '../../local-db/use-permissions.ts';
import { NeedsReview } from '../../ui/needs-review.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { type TicketPlace, TicketReference } from '../../ui/ticket-reference.tsx';
import classes from './overlap.module.css';
import { OverlapBlockView } from './overlap-block.tsx';
import { type Names, questionWords } from './overlap-words.ts';
import { type LiveBlocks, useLiveBlocks } from './use-live-blocks.ts';
import { useOverlapDrafts } from './use-overlap-drafts.ts';

interface OverlapReviewProps {
  review: OverlapReview;
  place: TicketPlace;
  names: Names;
  /** Whether its blocks are shown from the start. */
  opened: boolean;
  onSettled: () => void;
}

/** One open review of a description: the ticket, who met, and on demand each block with the ways to settle it. */
export function OverlapReviewCard({ review, place, names, opened, onSettled }: OverlapReviewProps) {
  const [open, setOpen] = useState(opened);
  const body = useId();
  return (
    <article
      className={classes.review}
      aria-label={`Description of ${place.ticket_title ?? 'a ticket'} needs review`}
    >
      <header className={classes.heading}>
        <span className={classes.headingLine}>
          <TicketReference place={place} />
          <span className={classes.when}>
            <RelativeTime at={review.openedAt} />
          </span>
        </span>
        <span className={classes.sentence}>
          <NeedsReview words="Description" />
          {questionWords(review, names)}
        </span>
        <Button
          variant="subtle"
          color="gray"
          className={classes.toggle}
          aria-expanded={open}
          aria-controls={body}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Close' : 'Look at it'}
        </Button>
      </header>
      <div id={body}>{open && <OpenedReview review={review} names={names} onSettled={onSettled} />}</div>
    </article>
  );
}

type OpenedProps = Pick<OverlapReviewProps, 'review' | 'names' | 'onSettled'>;

function OpenedReview(props: OpenedProps) {
  const session = useSession(props.review.ticketId);
  return session && <WithSession session={session} {...props} />;
}

function WithSession({ session, ...props }: OpenedProps & { session: Session }) {
  const live = useLiveBlocks(session);
  return live && <Blocks session={session} live={live} {...props} />;
}

function Blocks({
  review,
  names,
  onSettled,
  session,
  live,
}: OpenedProps & { session: Session; live: LiveBlocks }) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const drafts = useOverlapDrafts(review, session, live);
  const permit = usePermit();
  const refusal = refusalOf(permit('description.edit', { projectId: review.projectId }));
  const moved = review.blocks.some(drafts.hasMoved);
  const settle = async () => {
    setBusy(true);
    const settled = await drafts.settle();
    setBusy(false);
    if (settled.ok) onSettled();
    else setProblem(settled.reason);
  };
  return (
    <>
      {review.blocks.map((block) => (
        <div key={block.id}>
          <OverlapBlockView
            block={block}
            review={review}
            names={names}
            draft={drafts.draftOf(block)}
            editable={refusal === undefined}
            onChoose={(choice, nodes) => drafts.choose(block, choice, nodes)}
            onFollow={() => drafts.follow(block)}
          />
          {drafts.hasMoved(block) && (
            <Moved onFollow={() => drafts.follow(block)} onKeep={() => drafts.keep(block)} />
          )}
        </div>
      ))}
      <footer className={classes.footer}>
        <Button disabled={refusal !== undefined || moved} loading={busy} onClick={() => void settle()}>
          Settle
        </Button>
        <span className={classes.hint}>
          {refusal ?? 'All four versions stay in the history of the description.'}
        </span>
        {problem && (
          <p role="alert" className={classes.problem}>
            {problem}
          </p>
        )}
      </footer>
    </>
  );
}

function Moved({ onFollow, onKeep }: { onFollow: () => void; onKeep: () => void }) {
  return (
    <p role="status" className={classes.moved}>
      Somebody changed this block since you began.
      <Button variant="default" onClick={onFollow}>
        Begin again with what stands now
      </Button>
      <Button variant="subtle" color="gray" onClick={onKeep}>
        Keep what I wrote
      </Button>
    </p>
  );
}
