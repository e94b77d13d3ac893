import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconBan, IconCheck, IconGitFork, IconGitMerge, IconShieldCheck, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Outcome } from '../../../shared/protocol/upload.ts';
import { useEdits, useLocalData } from '../../local-db/context.ts';
import type { AnsweredOp } from '../../local-db/outbox/entries.ts';
import { repeatOf } from '../../local-db/outbox/repeat.ts';
import { dismissAnswers } from '../../local-db/upload/answers.ts';
import { copyOf } from './copy-of.ts';
import { OpMenu } from './op-menu.tsx';
import { OpView } from './op-view.tsx';
import { opText } from './op-words.ts';
import classes from './outbox.module.css';
import { OUTCOME_WORDS } from './outcome-words.ts';
import { useNameOf } from './use-names.ts';

interface AnsweredItemProps {
  readonly op: AnsweredOp;
  /** All answers: one that is made again may have been made together with others. */
  readonly answered: readonly AnsweredOp[];
}

/** What became of an op, with the reason; it goes when its author has read it. */
export function AnsweredItem({ op, answered }: AnsweredItemProps) {
  const { db } = useLocalData();
  const nameOf = useNameOf();
  const words = opText(op, nameOf);
  const [problem, setProblem] = useState<string>();
  const state = (
    <span className={classes.outcome} data-outcome={op.outcome}>
      {OUTCOME_WORDS[op.outcome]}
    </span>
  );
  return (
    <OpView
      op={op}
      mark={<OutcomeMark outcome={op.outcome} />}
      state={state}
      actions={
        <>
          <OpMenu
            words={words}
            ticketId={op.ticket_id}
            copyText={async () => copyOf(op, nameOf)}
            onProblem={setProblem}
          />
          <Tooltip label="Dismiss">
            <ActionIcon aria-label={`Dismiss: ${words}`} onClick={() => void dismissAnswers(db, [op.id])}>
              <IconX size={15} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      {op.reason !== null && <p className={classes.reason}>{op.reason}</p>}
      <NextStep op={op} answered={answered} onProblem={setProblem} />
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
    </OpView>
  );
}

type NextStepProps = AnsweredItemProps & { readonly onProblem: (reason: string | undefined) => void };

/** What its author can do about an answer, where there is something to do. */
function NextStep({ op, answered, onProblem }: NextStepProps) {
  const { db } = useLocalData();
  const edits = useEdits();
  if (op.outcome === 'review') {
    return (
      <Button variant="default" component={Link} to="/review" className={classes.nextStep}>
        Review
      </Button>
    );
  }
  const again = repeatOf(op, answered);
  if (!again) return null;
  const make = async () => {
    const made = await edits.repeat(again.writes);
    onProblem(made.ok ? undefined : made.reason);
    if (made.ok) await dismissAnswers(db, again.answerIds);
  };
  return (
    <Button variant="default" className={classes.nextStep} onClick={() => void make()}>
      {op.outcome === 'kept' ? 'Set it anyway' : 'Try again'}
    </Button>
  );
}

const MARKS: Readonly<Record<Outcome, typeof IconCheck>> = {
  applied: IconCheck,
  unchanged: IconCheck,
  merged: IconGitMerge,
  kept: IconShieldCheck,
  review: IconGitFork,
  rejected: IconBan,
};

function OutcomeMark({ outcome }: { outcome: Outcome }) {
  const Mark = MARKS[outcome];
  return <Mark className={classes.outcome} data-outcome={outcome} size={16} stroke={1.7} aria-hidden />;
}
