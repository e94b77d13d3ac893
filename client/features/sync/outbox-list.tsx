import { ActionIcon, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useLocalData } from '../../local-db/context.ts';
import { useAnswers, usePendingOps } from '../../local-db/hooks.ts';
import type { OutboxRow, PendingOp } from '../../local-db/rows.ts';
import { dismissAnswer } from '../../local-db/upload/answers.ts';
import { opWords, outcomeWords, readOpData } from './op-words.ts';
import classes from './sync.module.css';

/** This device's ops that wait, and what became of those that were not simply taken up. */
export function OutboxList() {
  const pending = usePendingOps();
  const answers = useAnswers().rows;
  if (pending.length === 0 && answers.length === 0) return null;
  return (
    <div className={classes.outbox}>
      {pending.length > 0 && <Heading>Waiting to be sent</Heading>}
      <ul className={classes.ops}>
        {pending.map((op) => (
          <PendingItem key={op.op_id} op={op} />
        ))}
      </ul>
      {answers.length > 0 && <Heading>Answered</Heading>}
      <ul className={classes.ops}>
        {answers.map((answer) => (
          <AnswerItem key={answer.id} answer={answer} />
        ))}
      </ul>
    </div>
  );
}

function Heading({ children }: { readonly children: string }) {
  return (
    <Text component="h3" className={classes.heading}>
      {children}
    </Text>
  );
}

function PendingItem({ op }: { readonly op: PendingOp }) {
  const words = opWords({ op: op.op, table: op.table_name, data: readOpData(op.data) });
  return <li className={classes.op}>{words}</li>;
}

function AnswerItem({ answer }: { readonly answer: OutboxRow }) {
  const { db } = useLocalData();
  const words = opWords({ op: answer.op, table: answer.table_name, data: readOpData(answer.data) });
  return (
    <li className={classes.op}>
      <div>
        {words}
        <div className={classes.answer} data-outcome={answer.outcome}>
          {outcomeWords(answer.outcome)}
          {answer.reason && `: ${answer.reason}`}
        </div>
      </div>
      <ActionIcon
        size="sm"
        aria-label={`Dismiss: ${words}`}
        onClick={() => void dismissAnswer(db, answer.id)}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </li>
  );
}
