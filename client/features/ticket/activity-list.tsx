import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useActivity, useLabels, useProfiles } from '../../local-db/hooks.ts';
import { type Activity, readJson, type Ticket } from '../../local-db/rows.ts';
import { PersonAvatar } from '../../ui/person-avatar.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { type ActivityNames, activityWords } from './activity-words.ts';
import classes from './ticket.module.css';

const SHOWN_FIRST = 10;

/** What happened to a ticket, newest first: who, what, before and after. */
export function ActivityList({ ticket }: { ticket: Ticket }) {
  const { rows } = useActivity(ticket.id);
  const people = useProfiles();
  const labels = useLabels(ticket.project_id).rows;
  const [all, setAll] = useState(false);
  const names: ActivityNames = {
    person: (id) => people.get(id)?.name ?? 'somebody',
    label: (id) => labels.find((label) => label.id === id)?.name ?? id,
  };
  const shown = all ? rows : rows.slice(0, SHOWN_FIRST);
  return (
    <section aria-labelledby="activity-heading" className={classes.section}>
      <h2 id="activity-heading" className={classes.sectionTitle}>
        Activity
      </h2>
      {rows.length === 0 && (
        <p className={classes.quiet}>Changes to this ticket are listed here once they are sent.</p>
      )}
      <ol className={classes.activity}>
        {shown.map((entry) => (
          <ActivityLine key={entry.id} entry={entry} names={names} />
        ))}
      </ol>
      {rows.length > shown.length && (
        <Button variant="subtle" color="gray" onClick={() => setAll(true)}>
          Show all {rows.length} changes
        </Button>
      )}
    </section>
  );
}

function ActivityLine({ entry, names }: { entry: Activity; names: ActivityNames }) {
  const name = names.person(entry.actor_id);
  const words = activityWords(
    {
      subject: entry.subject,
      action: entry.action,
      before: readJson(entry.before),
      after: readJson(entry.after),
      outcome: entry.outcome,
      overwroteId: entry.overwrote_id,
    },
    names,
  );
  return (
    <li className={classes.activityLine}>
      <PersonAvatar id={entry.actor_id} name={name} size={18} labelled={false} />
      <span className={classes.activityText}>
        <span className={classes.name}>{name}</span> {words.text}
        {words.before !== null && words.after !== null && (
          <span className={classes.change}>
            <s>{words.before}</s>
            <IconArrowRight size={13} role="img" aria-label="to" aria-hidden={false} />
            <span className={classes.after}>{words.after}</span>
          </span>
        )}
        <span className={classes.when}>
          {' '}
          <RelativeTime at={entry.created_at} />
        </span>
        {words.note && <span className={classes.note}>{words.note}</span>}
      </span>
    </li>
  );
}
