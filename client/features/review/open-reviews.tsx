import { useMemo, useRef, useState } from 'react';
import type { FieldValue } from '../../../shared/tickets/fields.ts';
import {
  type FoundConflict,
  useCurrentOrigins,
  usePendingAnswers,
  useRefusedAnswers,
  useTicketsById,
} from '../../local-db/conflict-hooks.ts';
import { usePermit } from '../../local-db/use-permissions.ts';
import { BatchHead } from './batch-head.tsx';
import { type Batch, batchesOf } from './batches.ts';
import { BulkBar } from './bulk-bar.tsx';
import { answerWords, capital, labelOf } from './conflict-words.ts';
import { OpenQuestion } from './open-question.tsx';
import { focusOn, questionAfter, useQuestionMoves } from './question-focus.ts';
import classes from './review.module.css';
import type { Decisions, ShownQuestion } from './use-decisions.ts';
import { useReader } from './use-reader.ts';

const NONE: ReadonlySet<string> = new Set();

/** The open questions, grouped by what one person wrote while apart; one or several are decided at a time. */
export function OpenReviews({ questions, decide, problem }: Decisions) {
  const list = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState(NONE);
  const [said, setSaid] = useState('');
  const reader = useReader();
  const permit = usePermit();
  const pending = usePendingAnswers();
  const ids = useMemo(() => questions.map(({ conflict }) => conflict.id), [questions]);
  const origins = useCurrentOrigins(ids);
  const refused = useRefusedAnswers(ids);
  const tickets = useTicketsById(
    useMemo(() => questions.map(({ conflict }) => conflict.ticketId), [questions]),
  );
  useQuestionMoves(list);

  const open = questions.filter((question) => question.decided === undefined);
  const chosen = open.filter(({ conflict }) => selected.has(conflict.id));
  const isDecidable = ({ conflict, decided }: ShownQuestion) =>
    decided === undefined && permit('conflict.resolve', { projectId: conflict.projectId }).allowed;

  const answer = (answers: readonly { found: FoundConflict; value: FieldValue }[]) => {
    const answeredIds = answers.map(({ found }) => found.conflict.id);
    const next = questionAfter(list.current, answeredIds);
    void decide(answers);
    setSelected(NONE);
    const left = `${open.length - answers.length} left to review.`;
    const [one] = answers;
    if (one && answers.length === 1) {
      const { conflict } = one.found;
      const words = answerWords(conflict, { value: one.value, seeing: conflict.current, by: null }, reader);
      setSaid(`${capital(labelOf(conflict))}: ${words} ${left}`);
    } else setSaid(`${answers.length} questions decided. ${left}`);
    focusOn(next ?? list.current ?? undefined);
  };
  const answerAll = (pick: (found: FoundConflict) => FieldValue) =>
    answer(chosen.map((found) => ({ found, value: pick(found) })));
  const toggle = (toggled: readonly string[]) => {
    const all = toggled.every((id) => selected.has(id));
    const others = [...selected].filter((id) => !toggled.includes(id));
    setSelected(new Set(all ? others : [...others, ...toggled]));
  };

  return (
    <div ref={list} className={classes.list} tabIndex={-1}>
      <p role="status" className="visually-hidden">
        {said}
      </p>
      {problem && (
        <p role="alert" className={classes.problem}>
          {problem}
        </p>
      )}
      {batchesOf(questions).map((batch) => (
        <section key={batch.id} className={classes.batch}>
          {hasHead(batch) && (
            <BatchHead
              batch={batch}
              reader={reader}
              decidable={batch.items.filter(isDecidable).map(({ conflict }) => conflict.id)}
              selected={selected}
              onToggle={toggle}
            />
          )}
          <ul className={classes.questions}>
            {batch.items.map((question) => (
              <OpenQuestion
                key={question.conflict.id}
                question={question}
                ticket={tickets.get(question.conflict.ticketId)}
                reader={reader}
                currentOrigin={origins.get(question.conflict.id)}
                refused={refused.get(question.conflict.id)}
                pending={pending.has(question.conflict.id)}
                selected={selected.has(question.conflict.id)}
                onSelect={isDecidable(question) ? () => toggle([question.conflict.id]) : undefined}
                onDecide={(value) => answer([{ found: question, value }])}
              />
            ))}
          </ul>
        </section>
      ))}
      {chosen.length > 0 && (
        <BulkBar
          count={chosen.length}
          onKeepAll={() => answerAll(({ conflict }) => conflict.current)}
          onTakeAll={() => answerAll(({ conflict }) => conflict.proposed)}
          onClear={() => setSelected(NONE)}
        />
      )}
    </div>
  );
}

const hasHead = (batch: Batch<ShownQuestion>): boolean => batch.items.length > 1;
