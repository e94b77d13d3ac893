import type { CommonPowerSyncDatabase, Transaction } from '@powersync/common';
import type { Op, OpOutcome } from '../../../shared/protocol/upload.ts';

/**
 * Keeps what the author must be able to read: every answer but `applied` and `unchanged`, with the op's content.
 * Runs before the ops leave the queue; after a crash in between, the same answers are simply kept again (C14).
 */
export async function keepAnswers(
  db: CommonPowerSyncDatabase,
  ops: readonly Op[],
  outcomes: readonly OpOutcome[],
  at: Date,
): Promise<void> {
  const byId = new Map(outcomes.map((outcome) => [outcome.op_id, outcome]));
  const notable = ops.flatMap((op) => {
    const outcome = byId.get(op.op_id);
    return outcome && !isPlain(outcome) ? [{ op, outcome }] : [];
  });
  if (notable.length === 0) return;
  await db.writeTransaction(async (tx) => {
    for (const { op, outcome } of notable) await keepAnswer(tx, op, outcome, at);
  });
}

/** Its author has read it. */
export async function dismissAnswer(db: CommonPowerSyncDatabase, id: string): Promise<void> {
  await db.execute('DELETE FROM outbox WHERE id = ?', [id]);
}

/** The answers of ops that the server did not take up as a whole. */
export const rejectAll = (ops: readonly Op[], reason: string): OpOutcome[] =>
  ops.map(({ op_id }) => ({ op_id, outcome: 'rejected', reason }));

const isPlain = ({ outcome }: OpOutcome): boolean => outcome === 'applied' || outcome === 'unchanged';

async function keepAnswer(tx: Transaction, op: Op, outcome: OpOutcome, at: Date): Promise<void> {
  const id = String(op.op_id);
  await tx.execute('DELETE FROM outbox WHERE id = ?', [id]);
  await tx.execute(
    `INSERT INTO outbox (id, op_id, op, table_name, row_id, data, outcome, reason, conflict_id, answered_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      op.op_id,
      op.op,
      op.type,
      op.id,
      op.data ? JSON.stringify(op.data) : null,
      outcome.outcome,
      outcome.reason,
      outcome.conflict_id ?? null,
      at.toISOString(),
    ],
  );
}
