import { type ReactNode, useState } from 'react';
import { FIELDS, type FieldName } from '../../../shared/tickets/fields.ts';
import { useEdits } from '../../local-db/context.ts';
import type { TicketChanges } from '../../local-db/edits.ts';
import { useMembers, useProfiles } from '../../local-db/hooks.ts';
import { usePendingFields } from '../../local-db/outbox/hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { useFieldsInReview } from '../../local-db/ticket-hooks.ts';
import { DateField } from '../../ui/date-field.tsx';
import { EstimateField } from '../../ui/estimate-field.tsx';
import { NeedsReview } from '../../ui/needs-review.tsx';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { PersonMenu } from '../../ui/person-menu.tsx';
import { PriorityMenu } from '../../ui/priority-menu.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMenu } from '../../ui/status-menu.tsx';
import { parseEstimate } from './parse-estimate.ts';
import classes from './ticket.module.css';
import { TicketLabels } from './ticket-labels.tsx';

interface FieldsRailProps {
  ticket: Ticket;
  readOnlyBecause?: string;
  /** The open questions about a field. */
  renderReview: (field: FieldName) => ReactNode;
}

/** The ticket's structured fields, each changed where it stands. */
export function FieldsRail({ ticket, readOnlyBecause, renderReview }: FieldsRailProps) {
  const edits = useEdits();
  const inReview = useFieldsInReview(ticket.id);
  const pending = usePendingFields(ticket.id);
  const people = useAssignable(ticket);
  const [problem, setProblem] = useState<string>();
  const change = async (changes: TicketChanges) => {
    const result = await edits.editTicket(ticket.id, changes);
    setProblem(result.ok ? undefined : result.reason);
  };
  const field = (name: FieldName, control: ReactNode) => (
    <Field
      label={FIELDS[name].label}
      inReview={inReview.has(name)}
      pending={pending.has(name)}
      review={renderReview(name)}
    >
      {control}
    </Field>
  );
  const changeEstimate = (text: string) => {
    const estimate = parseEstimate(text);
    if (!estimate.ok) return estimate.reason;
    void change({ estimate: estimate.value });
  };
  const shared = { readOnlyBecause };
  return (
    <aside className={classes.rail} aria-label="Fields">
      {field(
        'status',
        <StatusMenu value={ticket.status} onChange={(status) => void change({ status })} {...shared} />,
      )}
      {field(
        'priority',
        <PriorityMenu
          value={ticket.priority}
          onChange={(priority) => void change({ priority })}
          {...shared}
        />,
      )}
      {field(
        'assignee_id',
        <PersonMenu
          people={people}
          value={ticket.assignee_id}
          onChange={(assignee_id) => void change({ assignee_id })}
          {...shared}
        />,
      )}
      {field(
        'due_on',
        <DateField
          label={FIELDS.due_on.label}
          emptyWords="No due date"
          value={ticket.due_on}
          onChange={(due_on) => void change({ due_on })}
          {...shared}
        />,
      )}
      {field(
        'estimate',
        <EstimateField
          label={FIELDS.estimate.label}
          value={ticket.estimate}
          onChange={changeEstimate}
          {...shared}
        />,
      )}
      <Field label="Labels" pending={pending.has('labels')}>
        <TicketLabels ticket={ticket} onProblem={setProblem} {...shared} />
      </Field>
      {/* It has no control here: its place is the board. */}
      <div className={classes.fieldReview}>{renderReview('rank')}</div>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      {readOnlyBecause && <p className={classes.quiet}>{readOnlyBecause}</p>}
      <Origin ticket={ticket} />
    </aside>
  );
}

interface FieldProps {
  label: string;
  inReview?: boolean;
  /** It holds a value that the server has not answered for. */
  pending?: boolean;
  review?: ReactNode;
  children: ReactNode;
}

function Field({ label, inReview = false, pending = false, review, children }: FieldProps) {
  return (
    <div className={classes.field}>
      <span className={classes.fieldLabel}>
        <span aria-hidden>{label}</span> {pending && <PendingDot words={`${label}: not sent yet`} />}
      </span>
      <div className={classes.fieldValue}>
        {children}
        {inReview && <NeedsReview words="Needs review" />}
      </div>
      {review && <div className={classes.fieldReview}>{review}</div>}
    </div>
  );
}

function Origin({ ticket }: { ticket: Ticket }) {
  const author = useProfiles().get(ticket.created_by)?.name;
  return (
    <div className={classes.origin}>
      <span>
        Created <RelativeTime at={ticket.created_at} />
        {author && ` by ${author}`}
      </span>
      <span>
        Updated <RelativeTime at={ticket.updated_at} />
      </span>
    </div>
  );
}

/** The project's members, and whoever is assigned now even if they are none. */
function useAssignable(ticket: Ticket) {
  const members = useMembers(ticket.project_id).rows;
  const profiles = useProfiles();
  const ids = new Set(members.map((member) => member.user_id));
  if (ticket.assignee_id) ids.add(ticket.assignee_id);
  return [...ids]
    .map((id) => ({ id, name: profiles.get(id)?.name ?? 'Somebody' }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
