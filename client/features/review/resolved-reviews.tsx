import { IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { FIELDS } from '../../../shared/tickets/fields.ts';
import { type FoundConflict, usePendingAnswers, useTicketsById } from '../../local-db/conflict-hooks.ts';
import type { Conflict } from '../../local-db/conflict-rows.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { AskedTicket } from './asked-ticket.tsx';
import { ConflictSides } from './conflict-sides.tsx';
import { endingWords, type Reader } from './conflict-words.ts';
import classes from './review.module.css';
import { useReader } from './use-reader.ts';

/** What was decided, by whom and when; the values stay readable. */
export function ResolvedReviews({ found }: { found: readonly FoundConflict[] }) {
  const reader = useReader();
  const pending = usePendingAnswers();
  const tickets = useTicketsById(useMemo(() => found.map(({ conflict }) => conflict.ticketId), [found]));
  const ordered = useMemo(() => [...found].sort((a, b) => lastFirst(a.conflict, b.conflict)), [found]);
  return (
    <ul className={classes.questions}>
      {ordered.map(({ conflict }) => (
        <ResolvedLine
          key={conflict.id}
          conflict={conflict}
          ticket={tickets.get(conflict.ticketId)}
          pending={pending.has(conflict.id)}
          reader={reader}
        />
      ))}
    </ul>
  );
}

interface ResolvedLineProps {
  conflict: Conflict;
  ticket: Ticket | undefined;
  pending: boolean;
  reader: Reader;
}

function ResolvedLine({ conflict, ticket, pending, reader }: ResolvedLineProps) {
  const [shown, setShown] = useState(false);
  const at = pending ? null : (conflict.answer?.at ?? null);
  // An answer on its way is this person's, whoever answered before.
  const words = endingWords(pending && conflict.answer ? withoutAuthor(conflict) : conflict, reader);
  return (
    <li className={classes.resolved}>
      <button
        type="button"
        className={classes.disclose}
        aria-expanded={shown}
        aria-label={`${shown ? 'Hide' : 'Show'} the values`}
        onClick={() => setShown(!shown)}
      >
        <IconChevronRight size={15} aria-hidden />
      </button>
      <div className={classes.resolvedBody}>
        <span className={classes.headingLine}>
          <AskedTicket ticket={ticket} />
          <span className={classes.when}>
            {pending ? (
              <span className={classes.unsent}>
                <PendingDot words="" />
                not sent yet
              </span>
            ) : (
              at && <RelativeTime at={at} />
            )}
          </span>
        </span>
        <span className={classes.sentence}>
          <span className={classes.fieldName}>{FIELDS[conflict.field].label}</span>
          {words}
        </span>
        {shown && (
          <div className={classes.resolvedValues}>
            <ConflictSides
              conflict={conflict.answer ? { ...conflict, current: conflict.answer.seeing } : conflict}
              currentOrigin={undefined}
              reader={reader}
            />
          </div>
        )}
      </div>
    </li>
  );
}

const withoutAuthor = (conflict: Conflict): Conflict =>
  conflict.answer ? { ...conflict, answer: { ...conflict.answer, by: null } } : conflict;

/** Answers on their way first, then the latest. */
const lastFirst = (a: Conflict, b: Conflict): number => (momentOf(a) < momentOf(b) ? 1 : -1);

const momentOf = ({ answer, openedAt }: Conflict): string =>
  answer === null ? openedAt : (answer.at ?? NOT_YET);

const NOT_YET = '9999';
