import { Checkbox } from '@mantine/core';
import type { FieldValue } from '../../../shared/tickets/fields.ts';
import { FIELDS } from '../../../shared/tickets/fields.ts';
import type { ValueOrigin } from '../../local-db/conflict-hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { NeedsReview } from '../../ui/needs-review.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { AskedTicket } from './asked-ticket.tsx';
import { ConflictQuestion } from './conflict-question.tsx';
import { answerWords, askedNow, isBack, questionWords, type Reader } from './conflict-words.ts';
import { DecidedLine } from './decided-line.tsx';
import classes from './review.module.css';
import type { ShownQuestion } from './use-decisions.ts';

interface OpenQuestionProps {
  question: ShownQuestion;
  ticket: Ticket | undefined;
  reader: Reader;
  currentOrigin: ValueOrigin | undefined;
  refused?: string;
  pending: boolean;
  selected: boolean;
  /** Absent where this person may not decide it. */
  onSelect?: () => void;
  onDecide: (value: FieldValue) => void;
}

/** One question of the panel; once answered here, one line in its place. */
export function OpenQuestion(props: OpenQuestionProps) {
  const { question, ticket, reader, currentOrigin, refused, pending, selected, onSelect, onDecide } = props;
  const { conflict, decided } = question;
  const { label } = FIELDS[conflict.field];
  if (decided) {
    const answer = { value: decided.value, seeing: conflict.current, by: null };
    return (
      <li>
        <DecidedLine words={answerWords(conflict, answer, reader)} pending={pending}>
          <AskedTicket ticket={ticket} />
        </DecidedLine>
      </li>
    );
  }
  return (
    <li data-selected={selected || undefined} className={classes.item}>
      {onSelect && (
        <Checkbox
          size="xs"
          className={classes.select}
          aria-label={`Select ${label} of ${ticket?.title ?? 'this ticket'}`}
          checked={selected}
          onChange={onSelect}
        />
      )}
      <ConflictQuestion
        conflict={askedNow(conflict, ticket)}
        // Who moved it to the trash is no news of a ticket that is back.
        currentOrigin={isBack(conflict, ticket) ? undefined : currentOrigin}
        reader={reader}
        refused={refused}
        label={`${label} of ${ticket?.title ?? 'a ticket'} needs review`}
        onDecide={onDecide}
        onSelect={onSelect}
        heading={
          <header className={classes.heading}>
            <span className={classes.headingLine}>
              <AskedTicket ticket={ticket} />
              <span className={classes.when}>
                <RelativeTime at={conflict.openedAt} />
              </span>
            </span>
            <span className={classes.sentence}>
              <NeedsReview words={label} />
              {questionWords(conflict, ticket, reader)}
            </span>
          </header>
        }
      />
    </li>
  );
}
