import { type FieldEdit, fold } from '../../shared/conflict/fold.ts';
import { type Verdict, verdictOf } from '../../shared/conflict/outcome.ts';
import { policyOf } from '../../shared/conflict/policy.ts';
import { type Decision, resolve } from '../../shared/conflict/resolve.ts';
import { type FieldName, type FieldValue, fieldOf } from '../../shared/tickets/fields.ts';
import type { ConflictRow } from '../review/rows.ts';
import type { TicketRow } from '../tickets/rows.ts';
import type { Answer } from './answer.ts';
import type { Chain, ChainStep } from './draft.ts';
import { authorOf, nameOf, setValue, show } from './field-values.ts';
import type { Judgement } from './handler.ts';
import { fieldKey } from './store.ts';
import { notify, notifyOther, trace } from './trace.ts';

/** An edit about to be settled: a folded chain, the ticket it meets, and the device's own open question, if any. */
interface Case {
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

/** Settles the edits that wait on one field. Does nothing when none do. */
export function settleField(judgement: Judgement, ticketId: string, field: FieldName): void {
  const chain = judgement.draft.chains.get(fieldKey(ticketId, field));
  if (chain) settleChain(judgement, chain);
}

/** Settles every edit of an upload, after its last op. */
export function settleAll(judgement: Judgement): void {
  for (const chain of [...judgement.draft.chains.values()]) settleChain(judgement, chain);
}

function settleChain(judgement: Judgement, chain: Chain): void {
  const { draft } = judgement;
  draft.chains.delete(fieldKey(chain.ticketId, chain.field));
  const [first, ...rest] = chain.steps;
  const ticket = draft.tickets.get(chain.ticketId);
  if (!first || !ticket) return;
  const folded = fold([first.edit, ...rest.map((step) => step.edit)]);
  const the = caseOf(judgement, ticket, chain, { ...folded, base: chain.base });
  traceSteps(judgement, the, chain.steps.slice(0, -1));
  const answer = ticket.deleted_at === null ? settle(judgement, the) : settleInTrash(judgement, the);
  for (const step of chain.steps) draft.answers.push({ opId: step.op.opId, answer });
}

function caseOf(judgement: Judgement, ticket: TicketRow, chain: Chain, edit: FieldEdit): Case {
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

function settle(judgement: Judgement, the: Case): Answer {
  const { field, current, edit, ticket } = the;
  const chosen = judgement.snapshot.policies.get(fieldKey(ticket.project_id, field));
  const decision = resolve({ ...edit, current, policy: policyOf(field, chosen), rule: fieldOf(field).rule });
  const verdict = verdictOf(decision, {
    field,
    current,
    currentAuthor: the.currentAuthor === judgement.actor.userId ? null : nameOf(judgement, the.currentAuthor),
    show: (name, value) => show(judgement, name, value),
  });
  // Whatever else it came to, the device's earlier question is no longer asked.
  if (decision.kind !== 'review') supersede(judgement, the);
  return carryOut(judgement, the, decision, verdict);
}

function carryOut(judgement: Judgement, the: Case, decision: Decision, verdict: Verdict): Answer {
  switch (decision.kind) {
    case 'unchanged':
      return verdict;
    case 'apply':
      return applyValue(judgement, the, decision, verdict);
    case 'keep':
      traceEdit(judgement, the, { action: 'proposed', outcome: 'kept', rule: decision.rule });
      noticeAuthor(judgement, the, 'overridden', { rule: decision.rule });
      return verdict;
    case 'review':
      return ask(judgement, the, 'field', verdict.reason);
  }
}

function applyValue(
  judgement: Judgement,
  the: Case,
  decision: Extract<Decision, { kind: 'apply' }>,
  verdict: Verdict,
): Answer {
  const { overwrites } = decision;
  setValue(judgement, the.ticket, the.field, decision.value);
  traceEdit(judgement, the, {
    action: 'changed',
    outcome: 'applied',
    rule: overwrites?.by ?? null,
    overwrote_id: overwrites ? the.currentAuthor : null,
  });
  if (overwrites) {
    notifyOther(judgement, {
      user_id: the.currentAuthor,
      project_id: the.ticket.project_id,
      ticket_id: the.ticket.id,
      kind: 'overridden',
      detail: { field: the.field, before: the.current, after: decision.value, rule: overwrites.by },
    });
  }
  return verdict;
}

/** C11: never applied silently, never discarded: whether the ticket comes back with the edit is a person's choice. */
function settleInTrash(judgement: Judgement, the: Case): Answer {
  const { edit, current } = the;
  if (edit.incoming === edit.base || edit.incoming === current) {
    supersede(judgement, the);
    return { outcome: 'unchanged', reason: null };
  }
  const reason =
    'This ticket is in the trash. Your change waits in the review panel: restore the ticket with it, or let it go.';
  return ask(judgement, the, 'deleted', reason);
}

/** Opens a conflict, or lets the device's open one ask about the newer proposal (C3). */
function ask(judgement: Judgement, the: Case, kind: ConflictRow['kind'], reason: string | null): Answer {
  const { actor, deviceId, draft } = judgement;
  const id = the.continued?.id ?? judgement.newId();
  draft.conflicts.put({
    ...(the.continued ?? UNANSWERED),
    id,
    project_id: the.ticket.project_id,
    ticket_id: the.ticket.id,
    kind,
    field: the.field,
    base: the.edit.base === undefined ? the.current : the.edit.base,
    current: the.current,
    current_author_id: the.currentAuthor,
    proposed: the.edit.incoming,
    author_id: actor.userId,
    device_id: deviceId,
    state: 'open',
    made_at: the.op.madeAt,
    offline_since: the.op.offlineSince,
  });
  traceEdit(
    judgement,
    the,
    { action: 'proposed', outcome: 'review', rule: kind === 'field' ? 'review' : null },
    id,
  );
  if (!the.continued) noticeQuestion(judgement, the, id);
  return { outcome: 'review', reason, conflictId: id };
}

const UNANSWERED = { resolution: null, resolved_seeing: null, resolved_by: null, resolved_at: null } as const;

function noticeQuestion(judgement: Judgement, the: Case, conflictId: string): void {
  noticeAuthor(judgement, the, 'review', { conflict_id: conflictId });
  notifyOther(judgement, {
    user_id: the.currentAuthor,
    project_id: the.ticket.project_id,
    ticket_id: the.ticket.id,
    kind: 'review',
    detail: { field: the.field, conflict_id: conflictId, current: the.current, proposed: the.edit.incoming },
  });
}

function supersede({ draft }: Judgement, { continued }: Case): void {
  if (continued) draft.conflicts.put({ ...continued, state: 'superseded' });
}

function noticeAuthor(
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

function traceEdit(judgement: Judgement, the: Case, line: EditTrace, subjectId: string | null = null): void {
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

/** Values that only ever stood on the device are kept in the log as well: nothing written vanishes (I2). */
function traceSteps(judgement: Judgement, the: Case, steps: readonly ChainStep[]): void {
  for (const { op, edit } of steps) {
    if (edit.base === edit.incoming) continue;
    trace(judgement, op, {
      project_id: the.ticket.project_id,
      ticket_id: the.ticket.id,
      subject: the.field,
      action: 'proposed',
      outcome: 'merged',
      before: edit.base ?? null,
      after: edit.incoming,
    });
  }
}
