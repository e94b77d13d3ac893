import { Button } from '@mantine/core';
import { IconCloudCheck } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useDescriptions, useObservable } from '../../description/context.tsx';
import { useLocalData, useSyncState } from '../../local-db/context.ts';
import type { AnsweredOp } from '../../local-db/outbox/entries.ts';
import { useAnsweredOps, useOutboxCounts, useWaitingOps } from '../../local-db/outbox/hooks.ts';
import { dismissAnswers, isPlain } from '../../local-db/upload/answers.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { AnsweredItem } from './answered-item.tsx';
import { DescriptionItem } from './description-item.tsx';
import { MoreLine } from './more-line.tsx';
import classes from './outbox.module.css';
import { WaitingItem } from './waiting-item.tsx';
import { waitingWords } from './waiting-words.ts';

/** Everything this device has sent or keeps to send, and what became of it. */
export function OutboxPage() {
  const waiting = useWaitingOps();
  const counts = useOutboxCounts();
  const answered = useAnsweredOps();
  const descriptions = useObservable(useDescriptions().sync.waiting);
  const state = useSyncState();
  if (!waiting || !counts || !answered) return null;
  const asking = answered.filter(({ outcome }) => !isPlain(outcome));
  const done = answered.filter(({ outcome }) => isPlain(outcome));
  const waitingCount = counts.waiting + descriptions.length;
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <h1 className={classes.title}>Outbox</h1>
        <p className={classes.lead}>{waitingWords(state, waitingCount)}</p>
      </header>
      {waitingCount + answered.length === 0 && <NothingYet />}
      <Section title="Not sent yet" count={waitingCount}>
        {waiting.map((op) => (
          <WaitingItem key={op.op_id} op={op} />
        ))}
        {descriptions.map((description) => (
          <DescriptionItem key={description.ticketId} description={description} />
        ))}
        <MoreLine count={counts.waiting - waiting.length} />
      </Section>
      <Section title="For you to see" count={asking.length}>
        {asking.map((op) => (
          <AnsweredItem key={op.id} op={op} answered={answered} />
        ))}
      </Section>
      <Done ops={done} answered={answered} />
    </div>
  );
}

function NothingYet() {
  return (
    <EmptyState
      icon={<IconCloudCheck size={32} stroke={1.4} aria-hidden />}
      title="Nothing waits on this device"
    >
      What you change stands here until the server has it, online or not. Then it says what became of it.
    </EmptyState>
  );
}

interface SectionProps {
  readonly title: string;
  readonly count: number;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

function Section({ title, count, action, children }: SectionProps) {
  if (count === 0) return null;
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.sectionHead}>
        <h2 className={classes.sectionTitle}>
          {title} <span className={classes.count}>{count}</span>
        </h2>
        {action}
      </div>
      <ul className={classes.lines}>{children}</ul>
    </section>
  );
}

const DONE_SHOWN = 20;

/** Answers that ask nothing: the newest are enough until somebody wants the rest. */
function Done({ ops, answered }: { ops: readonly AnsweredOp[]; answered: readonly AnsweredOp[] }) {
  const { db } = useLocalData();
  const [all, setAll] = useState(false);
  const shown = all ? ops : ops.slice(0, DONE_SHOWN);
  const clear = (
    <Button
      variant="subtle"
      color="gray"
      onClick={() =>
        void dismissAnswers(
          db,
          ops.map(({ id }) => id),
        )
      }
    >
      Clear
    </Button>
  );
  return (
    <Section title="Answered" count={ops.length} action={clear}>
      {shown.map((op) => (
        <AnsweredItem key={op.id} op={op} answered={answered} />
      ))}
      {shown.length < ops.length && (
        <li>
          <Button variant="subtle" color="gray" onClick={() => setAll(true)}>
            Show {ops.length - shown.length} more
          </Button>
        </li>
      )}
    </Section>
  );
}
