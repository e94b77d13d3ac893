import { useMemo, useRef, useState } from 'react';
import { FIELDS, type FieldName, type FieldValue } from '../../../shared/tickets/fields.ts';
import {
  type FoundConflict,
  useCurrentOrigins,
  usePendingAnswers,
  useRefusedAnswers,
  useTicketConflicts,
  useTicketsById,
} from '../../local-db/conflict-hooks.ts';
import { useEdits } from '../../local-db/context.ts';
import { ConflictQuestion } from './conflict-question.tsx';
import { answerWords, askedNow, isBack, questionWords } from './conflict-words.ts';
import { DecidedLine } from './decided-line.tsx';
import classes from './review.module.css';
import { useReader } from './use-reader.ts';

interface FieldReviewProps {
  ticketId: string;
  field: FieldName;
}

/** The open questions about one field, beside the field; and the answers that wait to be sent. */
export function FieldReview({ ticketId, field }: FieldReviewProps) {
  const all = useTicketConflicts(ticketId);
  const ofField = all.filter(({ conflict }) => conflict.field === field && conflict.state !== 'superseded');
  return ofField.length === 0 ? null : <FieldQuestions ticketId={ticketId} found={ofField} />;
}

interface FieldQuestionsProps {
  ticketId: string;
  found: readonly FoundConflict[];
}

function FieldQuestions({ ticketId, found }: FieldQuestionsProps) {
  const ticket = useTicketsById([ticketId]).get(ticketId);
  const reader = useReader();
  const pending = usePendingAnswers();
  const { answerConflict } = useEdits();
  const [said, setSaid] = useState<Said>();
  const box = useRef<HTMLDivElement>(null);
  const ids = useMemo(() => found.map(({ conflict }) => conflict.id), [found]);
  const origins = useCurrentOrigins(ids);
  const refused = useRefusedAnswers(ids);
  const open = found.filter(({ conflict }) => conflict.state === 'open');
  const unsent = found.filter(({ conflict }) => conflict.state === 'resolved' && pending.has(conflict.id));
  if (open.length === 0 && unsent.length === 0 && said === undefined) return null;
  const decide = async ({ conflict, row }: FoundConflict, value: FieldValue) => {
    const decision = { value, seeing: conflict.current };
    setSaid({ words: answerWords(conflict, { ...decision, by: null }, reader), problem: false });
    // The question that had the focus goes away.
    box.current?.focus();
    const result = await answerConflict(row, decision);
    if (!result.ok) setSaid({ words: result.reason, problem: true });
  };
  return (
    <div ref={box} className={classes.inline} tabIndex={-1}>
      {open.map((one) => (
        <ConflictQuestion
          key={one.conflict.id}
          conflict={askedNow(one.conflict, ticket)}
          reader={reader}
          currentOrigin={isBack(one.conflict, ticket) ? undefined : origins.get(one.conflict.id)}
          refused={refused.get(one.conflict.id)}
          label={`${FIELDS[one.conflict.field].label} needs review`}
          heading={<p className={classes.inlineHeading}>{questionWords(one.conflict, ticket, reader)}</p>}
          onDecide={(value) => void decide(one, value)}
        />
      ))}
      {unsent.map(({ conflict }) => (
        <DecidedLine
          key={conflict.id}
          pending
          words={conflict.answer ? answerWords(conflict, { ...conflict.answer, by: null }, reader) : ''}
        />
      ))}
      <p role="status" className={said?.problem ? classes.problem : 'visually-hidden'}>
        {said?.words}
      </p>
    </div>
  );
}

interface Said {
  readonly words: string;
  readonly problem: boolean;
}
