import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ActivityEntry } from '../../local-db/activity-query.ts';
import { useProfiles, useProjects } from '../../local-db/hooks.ts';
import { FieldValueView } from '../../ui/conflict-field-value.tsx';
import { ConflictValues } from '../../ui/conflict-values.tsx';
import type { NameOf } from '../../ui/field-words.ts';
import { PersonAvatar } from '../../ui/person-avatar.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { TicketKey } from '../../ui/ticket-key.tsx';
import classes from './activity.module.css';
import { type ActivityWords, activityWords } from './activity-words.ts';
import { type Change, type FieldChange, isOpenProposal, readChange } from './change.ts';
import { outcomeWords } from './outcome-words.ts';
import { RestoreButton } from './restore-button.tsx';

/** One change: who, what, before and after, what became of it, and the way back. */
export function ActivityLine({ entry, namesTicket }: { entry: ActivityEntry; namesTicket: boolean }) {
  const people = useProfiles();
  const nameOf = (id: string) => people.get(id)?.name ?? 'somebody';
  const change = readChange(entry);
  const words = activityWords(change, nameOf);
  const note = outcomeWords(change, nameOf);
  const name = nameOf(entry.actor_id);
  return (
    <li className={classes.line}>
      <PersonAvatar id={entry.actor_id} name={name} size={18} labelled={false} />
      <div className={classes.body}>
        <div className={classes.sentence}>
          <span className={classes.name}>{name}</span> {words.text} <Values {...{ change, words, nameOf }} />
        </div>
        {change.kind === 'field' && change.question && isOpenProposal(change) && (
          <QuestionValues change={change} base={change.question.base} nameOf={nameOf} />
        )}
        {note && (
          <p className={classes.note}>
            {note} {isOpenProposal(change) && <Link to="/review">Decide in Review</Link>}
          </p>
        )}
        {namesTicket && <TicketOf entry={entry} />}
      </div>
      <div className={classes.end}>
        <RestoreButton entry={entry} change={change} nameOf={nameOf} />
        <span className={classes.when}>
          <RelativeTime at={entry.created_at} />
        </span>
      </div>
    </li>
  );
}

function Values({ change, words, nameOf }: { change: Change; words: ActivityWords; nameOf: NameOf }) {
  const { values } = words;
  if (values?.kind === 'text') {
    return <BeforeAfter before={values.before} after={values.after} />;
  }
  if (values === null || change.kind !== 'field') return null;
  const view = (value: FieldChange['before']) => (
    <FieldValueView field={change.field} value={value} nameOf={nameOf} />
  );
  return (
    <BeforeAfter
      before={values.before ? view(change.before) : null}
      after={values.after ? view(change.after) : null}
    />
  );
}

function BeforeAfter({ before, after }: { before: ReactNode; after: ReactNode }) {
  return (
    <span className={classes.change}>
      {before !== null && <s className={classes.before}>{before}</s>}
      {before !== null && after !== null && (
        <IconArrowRight size={13} role="img" aria-label="to" aria-hidden={false} />
      )}
      {after !== null && <span className={classes.after}>{after}</span>}
    </span>
  );
}

interface QuestionValuesProps {
  change: FieldChange;
  base: FieldChange['before'];
  nameOf: NameOf;
}

/** The three values of a question that waits, in the hues they have everywhere; current is what stands now. */
function QuestionValues({ change, base, nameOf }: QuestionValuesProps) {
  const side = (value: FieldChange['before']) => ({
    value: <FieldValueView field={change.field} value={value} nameOf={nameOf} />,
  });
  return (
    <div className={classes.question}>
      <ConflictValues base={side(base)} current={side(change.standing)} proposed={side(change.after)} />
    </div>
  );
}

function TicketOf({ entry }: { entry: ActivityEntry }) {
  const project = useProjects().rows.find((one) => one.id === entry.project_id);
  if (entry.ticket_id === null || entry.ticket_title === null || !project) return null;
  return (
    <Link to="/t/$id" params={{ id: entry.ticket_id }} className={classes.ticket}>
      <TicketKey projectKey={project.key} number={entry.ticket_number} />
      <span className={classes.ticketTitle}>{entry.ticket_title}</span>
      {entry.ticket_deleted_at !== null && <span className={classes.inTrash}>in the trash</span>}
    </Link>
  );
}
