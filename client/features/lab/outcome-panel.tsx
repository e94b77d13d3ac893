import { Button } from '@mantine/core';
import { IconAlertTriangle, IconArrowRight, IconCheck, IconGitFork } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Conflict } from '../../local-db/conflict-rows.ts';
import { FieldValueView, type ShownValue } from '../../ui/conflict-field-value.tsx';
import { ConflictMark, ConflictValues } from '../../ui/conflict-values.tsx';
import { DEVICE_KEYS, DEVICE_WORDS, type LabDevices, type OpenLab } from './device.ts';
import { type HistoryLine, historyLine } from './history-words.ts';
import classes from './lab.module.css';
import type { Finding } from './runner.ts';
import { useFacts, useListener } from './use-facts.ts';

interface OutcomePanelProps {
  lab: OpenLab;
  ticketId: string;
  /** What was promised, once it has been looked at. */
  findings: readonly Finding[];
}

/** What the edits of both devices came to: what was promised, what a person has to decide, and what happened. */
export function OutcomePanel({ lab, ticketId, findings }: OutcomePanelProps) {
  const facts = useFacts(useListener(lab.devices), ticketId);
  const open = facts?.conflicts.filter(({ conflict }) => conflict.state === 'open') ?? [];
  const lines = facts?.activity.flatMap((entry) => historyLine(entry, lab.devices) ?? []) ?? [];
  return (
    <>
      {findings.length > 0 && <Findings findings={findings} />}
      <Answers lab={lab} ticketId={ticketId} />
      {open.map(({ conflict }) => (
        <Question key={conflict.id} conflict={conflict} devices={lab.devices} />
      ))}
      {lines.length > 0 && <History lines={lines} ticketId={ticketId} />}
    </>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  const met = findings.every(({ seen }) => seen === null);
  return (
    <section className={classes.findings} data-met={met} aria-labelledby="lab-findings">
      <div role="status">
        <h3 id="lab-findings" className={classes.sectionTitle}>
          {met ? 'It came out as promised' : 'It did not come out as promised'}
        </h3>
      </div>
      <ul className={classes.checks}>
        {findings.map(({ words, seen }) => (
          <li key={words} data-met={seen === null}>
            {seen === null ? (
              <IconCheck size={16} stroke={2} role="img" aria-label="True:" aria-hidden={false} />
            ) : (
              <IconAlertTriangle size={16} stroke={1.8} role="img" aria-label="Not so:" aria-hidden={false} />
            )}
            <span>
              {words}
              {seen !== null && <span className={classes.seen}> {seen}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The sentences that the author of an edit reads on the device where it was made. */
function Answers({ lab, ticketId }: { lab: OpenLab; ticketId: string }) {
  const laptop = useFacts(lab.devices.laptop, ticketId)?.answers ?? [];
  const phone = useFacts(lab.devices.phone, ticketId)?.answers ?? [];
  const answers = { laptop, phone };
  const told = DEVICE_KEYS.flatMap((key) =>
    answers[key].flatMap(({ id, reason }) => (reason ? [{ id: `${key}-${id}`, key, reason }] : [])),
  );
  if (told.length === 0) return null;
  return (
    <ul className={classes.answers}>
      {told.map(({ id, key, reason }) => (
        <li key={id}>
          <span className={classes.who}>{DEVICE_WORDS[key]} was told</span> “{reason}”
        </li>
      ))}
    </ul>
  );
}

const nobody = () => 'somebody';

function Question({ conflict, devices }: { conflict: Conflict; devices: LabDevices }) {
  const { field, kind, base, current, proposed, deviceId } = conflict;
  const author = DEVICE_KEYS.find((key) => devices[key].id === deviceId);
  const side = (value: typeof base) => <FieldValueView field={field} value={value} nameOf={nobody} />;
  return (
    <section className={classes.question} aria-label="A question for you">
      <h3 className={classes.sectionTitle}>
        <IconGitFork size={16} stroke={1.8} aria-hidden className={classes.fork} />
        {kind === 'deleted' ? 'Bring it back with this change?' : 'Which one should stand?'}
      </h3>
      <ConflictValues
        base={{ value: side(base), origin: 'What both devices saw' }}
        current={{
          value: side(current),
          origin: kind === 'deleted' ? 'And the ticket is in the trash' : 'Arrived first',
        }}
        proposed={{ value: side(proposed), origin: author && `From ${DEVICE_WORDS[author].toLowerCase()}` }}
      />
      <Button component={Link} to="/review" variant="light" className={classes.questionAction}>
        Decide in Review
      </Button>
    </section>
  );
}

const LINES_SHOWN = 8;

function History({ lines, ticketId }: { lines: readonly HistoryLine[]; ticketId: string }) {
  return (
    <section aria-labelledby="lab-history">
      <h3 id="lab-history" className={classes.sectionTitle}>
        What the server took in, newest first
      </h3>
      <ol className={classes.history}>
        {lines.slice(0, LINES_SHOWN).map((line) => (
          <Line key={JSON.stringify(line)} line={line} />
        ))}
      </ol>
      <Link to="/t/$id" params={{ id: ticketId }} className={classes.openTicket}>
        Open the ticket
      </Link>
    </section>
  );
}

function Line({ line: { who, what, before, after, taken, note } }: { line: HistoryLine }) {
  return (
    <li className={classes.historyLine}>
      <span className={classes.who}>{who}</span>
      <span>{what}</span>
      {before && after && (
        <span className={classes.change}>
          <Value shown={before} part="base" />
          <IconArrowRight size={13} role="img" aria-label="to" aria-hidden={false} />
          <Value shown={after} part={taken ? 'current' : 'proposed'} />
        </span>
      )}
      {note && (
        <span className={classes.note} data-taken={taken}>
          {!taken && <ConflictMark part="proposed" />} {note}
        </span>
      )}
    </li>
  );
}

function Value({ shown, part }: { shown: ShownValue; part: 'base' | 'current' | 'proposed' }) {
  return (
    <span className={classes.historyValue} data-part={part}>
      <FieldValueView {...shown} nameOf={nobody} />
    </span>
  );
}
