import type { FieldEdit } from '../../shared/conflict/fold.ts';
import type { FieldName, FieldValue } from '../../shared/tickets/fields.ts';
import type { ConflictRow } from '../review/rows.ts';
import type { TicketRow } from '../tickets/rows.ts';
import type { Chain, ChainStep } from './draft.ts';
import { authorOf } from './field-values.ts';
import type { Judgement } from './handler.ts';
import { notify, trace } from './trace.ts';

/** An edit about to be settled: a folded chain, the ticket it meets, and the device's own open question, if any. */
export interface Case {
  readonly ticket: TicketRow;
  readonly field: FieldName;
  readonly edit: FieldEdit;
  readonly current: FieldValue;
  readonly currentAuthor: string;
  /** This device's open conflict that the edit goes on from (C3). */
  readonly continued: ConflictRow | undefined;
  /** The last op of the chain: the one whose value counts. */
  readonly op: ChainStep['op'];
}

export function caseOf(judgement: Judgement, ticket: TicketRow, chain: Chain, edit: FieldEdit): Case {
  const { field, steps } = chain;
  const current = ticket.values[field];
  const continued = edit.base === current ? undefined : ownConflict(judgement, ticket.id, field, edit.base);
  const op = steps.at(-1)?.op;
  if (!op) throw new Error('A chain of edits without an edit cannot be settled.');
  return {
    ticket,
    field,
    current,
    currentAuthor: authorOf(judgement, ticket, field),
    // The question stays the one first asked: what the author saw before their first proposal (C3).
    edit: continued ? { ...edit, base: continued.base } : edit,
    continued,
    op,
  };
}

function ownConflict(
  { draft, actor, deviceId }: Judgement,
  ticketId: string,
  field: FieldName,
  proposed: FieldEdit['base'],
): ConflictRow | undefined {
  return [...draft.conflicts.all()].find(
    (conflict) =>
      conflict.state === 'open' &&
      conflict.ticket_id === ticketId &&
      conflict.field === field &&
      conflict.author_id === actor.userId &&
      conflict.device_id === deviceId &&
      conflict.proposed === proposed,
  );
}

/** Tells the author of the edit, on all their devices. */
export function noticeAuthor(
  judgement: Judgement,
  the: Case,
  kind: 'overridden' | 'review',
  detail: Readonly<Record<string, unknown>>,
): void {
  notify(judgement, {
    user_id: judgement.actor.userId,
    project_id: the.ticket.project_id,
    ticket_id: the.ticket.id,
    kind,
    detail: { field: the.field, current: the.current, proposed: the.edit.incoming, ...detail },
  });
}

type EditTrace = Pick<Parameters<typeof trace>[2], 'action' | 'outcome' | 'rule' | 'overwrote_id'>;

/** Writes down what the edit met and what it wanted. */
export function traceEdit(
  judgement: Judgement,
  the: Case,
  line: EditTrace,
  subjectId: string | null = null,
): void {
  trace(judgement, the.op, {
    ...line,
    project_id: the.ticket.project_id,
    ticket_id: the.ticket.id,
    subject: the.field,
    subject_id: subjectId,
    before: the.current,
    after: the.edit.incoming,
  });
}
