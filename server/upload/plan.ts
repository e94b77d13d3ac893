import type { OpOutcome } from '../../shared/protocol/upload.ts';
import { type Answer, combineAnswers, rejected } from './answer.ts';
import { forgetAnswered, rememberRefused } from './chains.ts';
import { createDraft } from './draft.ts';
import type { Judgement, Place } from './handler.ts';
import { handleOp } from './handlers/by-table.ts';
import type { ParsedOp, ParsedTransaction } from './parse.ts';
import { settleAll } from './settle.ts';
import type { Changes } from './store.ts';
import { notify } from './trace.ts';

export interface Plan {
  readonly outcomes: readonly OpOutcome[];
  readonly changes: Changes;
}

export type PlanContext = Omit<Judgement, 'draft'> & {
  /** Ops answered by an earlier upload (C14). */
  readonly answered: ReadonlyMap<number, OpOutcome>;
  /** Positions of transactions that the database refused. */
  readonly unstorable: ReadonlySet<number>;
};

/**
 * Decides what an upload comes to: pure over a snapshot, with one new outcome for each op that had none (C14).
 * Transactions go in the order they were made; each leaves its whole effect or no trace (C16).
 */
export function planUpload(transactions: readonly ParsedTransaction[], context: PlanContext): Plan {
  const draft = createDraft(context.snapshot);
  const judgement: Judgement = { ...context, draft };
  const rejections: OpOutcome[] = [];
  const pending: number[] = [];
  const seen = new Set<number>();
  transactions.forEach((transaction, position) => {
    const fresh = takeFresh(transaction, judgement, context.answered, seen);
    const refusals = context.unstorable.has(position)
      ? fresh.map(({ opId }) => rejected(opId, UNSTORABLE))
      : judgeTransaction(fresh, judgement);
    rejections.push(...refusals);
    if (refusals.length === 0) pending.push(...fresh.map(({ opId }) => opId));
  });
  settleAll(judgement);
  const answers = groupAnswers(draft.answers.items);
  const settled = pending.map((opId) => combineAnswers(opId, answers.get(opId) ?? []));
  return { outcomes: [...rejections, ...settled], changes: draft.changes() };
}

const UNSTORABLE =
  'The database refused this change. Make it again, or report it if it is refused once more.';

/** The ops of a transaction that are still to be answered; an id that comes twice is the same op. */
function takeFresh(
  transaction: ParsedTransaction,
  { draft }: Judgement,
  answered: PlanContext['answered'],
  seen: Set<number>,
): ParsedOp[] {
  return transaction.filter((parsed) => {
    const before = answered.get(parsed.opId);
    if (before && parsed.ok) {
      if (before.outcome === 'rejected') rememberRefused(draft, parsed.op);
      else forgetAnswered(draft, parsed.op);
    }
    if (before || seen.has(parsed.opId)) return false;
    seen.add(parsed.opId);
    return true;
  });
}

/** Judges the ops of one transaction together. Gives the refusals of all of them, or none (C15, C16). */
function judgeTransaction(ops: readonly ParsedOp[], judgement: Judgement): OpOutcome[] {
  const mark = judgement.draft.mark();
  const refusals = new Map<number, Refusal>();
  for (const parsed of ops) {
    const refusal = judgeOp(parsed, judgement);
    if (refusal) refusals.set(parsed.opId, refusal);
  }
  const [first] = refusals.values();
  if (!first) return [];
  judgement.draft.rollback(mark);
  for (const parsed of ops) if (parsed.ok) rememberRefused(judgement.draft, parsed.op);
  noticeRefusal(judgement, first);
  const together = `Not applied, because a change made together with it was refused: ${first.reason}`;
  return ops.map(({ opId }) => rejected(opId, refusals.get(opId)?.reason ?? together));
}

interface Refusal {
  readonly reason: string;
  readonly place: Place | null;
}

function judgeOp(parsed: ParsedOp, judgement: Judgement): Refusal | null {
  if (!parsed.ok) return { reason: parsed.reason, place: null };
  const result = handleOp(parsed.op, judgement);
  if (!result.ok) return result;
  for (const answer of result.answers) judgement.draft.answers.push({ opId: parsed.opId, answer });
  return null;
}

/** The author's other devices hear of it as well; the device itself shows the reason in its outbox. */
function noticeRefusal(judgement: Judgement, { reason, place }: Refusal): void {
  if (!place) return;
  const isKept = place.ticketId !== null && judgement.draft.tickets.get(place.ticketId) !== undefined;
  notify(judgement, {
    user_id: judgement.actor.userId,
    project_id: place.projectId,
    ticket_id: isKept ? place.ticketId : null,
    kind: 'rejected',
    detail: { reason, device_id: judgement.deviceId },
  });
}

function groupAnswers(items: readonly { opId: number; answer: Answer }[]): Map<number, Answer[]> {
  const groups = new Map<number, Answer[]>();
  for (const { opId, answer } of items) {
    const group = groups.get(opId);
    if (group) group.push(answer);
    else groups.set(opId, [answer]);
  }
  return groups;
}
