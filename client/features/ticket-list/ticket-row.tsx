import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Ticket } from '../../local-db/rows.ts';
import { LabelChip } from '../../ui/label-chip.tsx';
import { NeedsReview } from '../../ui/needs-review.tsx';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { NobodyAvatar, PersonAvatar } from '../../ui/person-avatar.tsx';
import { PRIORITY_WORDS, PriorityIcon } from '../../ui/priority-icon.tsx';
import { STATUS_WORDS, StatusIcon } from '../../ui/status-icon.tsx';
import { TicketKey } from '../../ui/ticket-key.tsx';
import { dayWords, dueWords } from '../../ui/time-words.ts';
import classes from './ticket-list.module.css';

export interface RowLabel {
  readonly id: string;
  readonly name: string;
  readonly color: string;
}

interface TicketRowProps {
  projectKey: string;
  ticket: Ticket;
  labels: readonly RowLabel[];
  assigneeName: string | null;
  pending: boolean;
  inReview: boolean;
  /** `YYYY-MM-DD`. */
  today: string;
}

const SHOWN_LABELS = 2;

/** One line of the list. The whole line is the link; what it shows beside the title is read out after it. */
export const TicketRow = memo(function TicketRow(props: TicketRowProps) {
  const { projectKey, ticket, labels, assigneeName, pending, inReview, today } = props;
  const closed = ticket.status === 'done' || ticket.status === 'cancelled';
  return (
    <TicketLink projectKey={projectKey} ticket={ticket}>
      <span title={PRIORITY_WORDS[ticket.priority]} className={classes.mark}>
        <PriorityIcon priority={ticket.priority} labelled />
      </span>
      <span className={classes.rowKey}>
        <TicketKey projectKey={projectKey} number={ticket.number} />
      </span>
      <span title={STATUS_WORDS[ticket.status]} className={classes.mark}>
        <StatusIcon status={ticket.status} labelled />
      </span>
      <span className={classes.rowTitle} title={ticket.title}>
        {ticket.title}
      </span>
      {pending && <PendingDot />}
      {inReview && <NeedsReview words="Needs review" />}
      <span className={classes.rowLabels}>
        {labels.slice(0, SHOWN_LABELS).map((label) => (
          <LabelChip key={label.id} name={label.name} colour={label.color} />
        ))}
        {labels.length > SHOWN_LABELS && (
          <span className={classes.more} title={labels.map((label) => label.name).join(', ')}>
            +{labels.length - SHOWN_LABELS}
          </span>
        )}
      </span>
      {ticket.due_on && <DueMark dueOn={ticket.due_on} today={today} closed={closed} />}
      {ticket.assignee_id ? (
        <PersonAvatar id={ticket.assignee_id} name={assigneeName ?? 'Somebody'} />
      ) : (
        <NobodyAvatar />
      )}
    </TicketLink>
  );
});

interface TicketLinkProps {
  projectKey: string;
  ticket: Ticket;
  children: React.ReactNode;
}

/** By its key where it has one; a ticket that the server has not numbered yet by its id. */
function TicketLink({ projectKey, ticket, children }: TicketLinkProps) {
  const shared = { className: classes.row, 'data-ticket-row': ticket.id, children };
  if (ticket.number === null) return <Link to="/t/$id" params={{ id: ticket.id }} {...shared} />;
  return (
    <Link to="/p/$key/$number" params={{ key: projectKey, number: String(ticket.number) }} {...shared} />
  );
}

function DueMark({ dueOn, today, closed }: { dueOn: string; today: string; closed: boolean }) {
  // What is closed cannot be late: only the date itself is of interest then.
  const due = closed ? { words: dayWords(dueOn, today), urgency: 'later' } : dueWords(dueOn, today);
  return (
    <span className={classes.due} data-urgency={due.urgency} title={`Due ${dueOn}`}>
      {due.words}
    </span>
  );
}
