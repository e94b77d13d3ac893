import type { Logger } from 'pino';
import type { Actor } from '../../shared/permissions/can.ts';
import type { OpOutcome } from '../../shared/protocol/upload.ts';
import { needsOf } from './needs.ts';
import type { ParsedUpload } from './parse.ts';
import { type Plan, type PlanContext, planUpload } from './plan.ts';
import { PassingFault, type UploadSession, type UploadStore } from './store.ts';

export interface UploadDeps {
  readonly store: UploadStore;
  readonly clock: () => Date;
  readonly newId: () => string;
  /** Waits this many milliseconds before the next attempt. */
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Pick<Logger, 'warn'>;
}

/** Attempts at one upload before its device is asked to send it again. */
const ATTEMPTS = 6;
const FIRST_WAIT_MS = 5;

/**
 * Answers every op of an upload, in the order they came, in one transaction with all effects (C14).
 * Deadlocks and lost races are tried again here; rejects with {@link PassingFault} when that did not help.
 */
export async function upload(deps: UploadDeps, actor: Actor, request: ParsedUpload): Promise<OpOutcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === ATTEMPTS;
    try {
      return await deps.store.transaction((session) => answerAll(deps, session, actor, request, isLast));
    } catch (fault) {
      if (!(fault instanceof PassingFault) || isLast) throw fault;
      deps.log.warn({ err: fault, attempt }, 'An upload met a passing fault; trying again.');
      await deps.wait(FIRST_WAIT_MS * 2 ** attempt);
    }
  }
}

async function answerAll(
  deps: UploadDeps,
  session: UploadSession,
  actor: Actor,
  request: ParsedUpload,
  isLast: boolean,
): Promise<OpOutcome[]> {
  const device = { userId: actor.userId, deviceId: request.deviceId };
  const all = request.transactions.flat();
  const answered = await session.answered(
    device,
    all.map(({ opId }) => opId),
  );
  const outcomes = new Map(answered);
  const fresh = all.filter(({ opId }) => !answered.has(opId));
  if (fresh.length > 0) {
    const snapshot = await session.load(
      needsOf(
        actor.userId,
        fresh.flatMap((parsed) => (parsed.ok ? parsed.op : [])),
      ),
    );
    const context = {
      actor: { ...actor, roles: snapshot.roles },
      deviceId: request.deviceId,
      now: deps.clock().toISOString(),
      newId: deps.newId,
      snapshot,
      answered,
    };
    const plan = await writePlan(session, request, context, isLast);
    await session.record(device, plan.outcomes);
    for (const outcome of plan.outcomes) outcomes.set(outcome.op_id, outcome);
  }
  return all.map(({ opId }) => answerOf(outcomes, opId));
}

/**
 * Writes the upload's net effect in one go: no savepoint and no round trip for each client transaction. Only when the
 * database refuses it are savepoints needed, to find the transactions that it refuses; the rest is planned anew
 * without them. A refusal may also be a race that another upload won, so fresh rows are tried first.
 */
async function writePlan(
  session: UploadSession,
  { transactions }: ParsedUpload,
  context: Omit<PlanContext, 'unstorable'>,
  isLast: boolean,
): Promise<Plan> {
  const unstorable = new Set<number>();
  const planOf = (count: number) => planUpload(transactions.slice(0, count), { ...context, unstorable });
  for (;;) {
    const plan = planOf(transactions.length);
    const written = await session.write(plan.changes);
    if (written.ok) return plan;
    if (!isLast) throw new PassingFault('The database refused an upload.', { cause: written.cause });
    if (unstorable.size === transactions.length)
      throw new Error('The database refuses even an empty upload.');
    unstorable.add(
      await firstRefused(transactions.length, async (count) => {
        const trial = await session.wouldWrite(planOf(count).changes);
        return trial.ok;
      }),
    );
  }
}

/** The position of the first transaction with which the upload is refused, found by halving. */
async function firstRefused(count: number, fits: (count: number) => Promise<boolean>): Promise<number> {
  let fitting = 0;
  let refused = count;
  while (refused - fitting > 1) {
    const middle = Math.floor((fitting + refused) / 2);
    if (await fits(middle)) fitting = middle;
    else refused = middle;
  }
  return refused - 1;
}

function answerOf(outcomes: ReadonlyMap<number, OpOutcome>, opId: number): OpOutcome {
  const outcome = outcomes.get(opId);
  if (!outcome) throw new Error(`Op ${opId} was left without an answer.`);
  return outcome;
}
