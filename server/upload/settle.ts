import { fold } from '../../shared/conflict/fold.ts';
import { type Verdict, verdictOf } from '../../shared/conflict/outcome.ts';
import { policyOf } from '../../shared/conflict/policy.ts';
import { type Decision, resolve } from '../../shared/conflict/resolve.ts';
import { type FieldName, fieldOf } from '../../shared/tickets/fields.ts';
import type { Answer } from './answer.ts';
import { type Case, caseOf, noticeAuthor, traceEdit } from './case.ts';
import type { Chain, ChainStep } from './draft.ts';
import { nameOf, setValue, show } from './field-values.ts';
import type { Judgement } from './handler.ts';
import { ask, supersede } from './question.ts';
import { fieldKey } from './store.ts';
import { notifyOther, trace } from './trace.ts';

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
