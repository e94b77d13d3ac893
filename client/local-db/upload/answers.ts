import type { CommonPowerSyncDatabase } from '@powersync/common';
import type { Op, OpOutcome, Outcome } from '../../../shared/protocol/upload.ts';

/** Answers that ask nothing of their author: kept for a while, so that the outbox can say where an edit went. */
const PLAIN: readonly Outcome[] = ['applied', 'unchanged', 'merged'];
const PLAIN_KEPT = 200;
const PLAIN_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Keeps every answer with the op's content. Runs before the ops leave the queue; after a crash in between, the same
 * answers are simply kept again (C14). An answer that its author must see stays until they dismiss it (C15).
 */
export async function keepAnswers(
  db: CommonPowerSyncDatabase,
  ops: readonly Op[],
  outcomes: readonly OpOutcome[],
  at: Date,
): Promise<void> {
  const byId = new Map(outcomes.map((outcome) => [outcome.op_id, outcome]));
  const rows = ops.flatMap((op) => {
    const outcome = byId.get(op.op_id);
    return outcome ? [answerRow(op, outcome, at)] : [];
  });
  const ids = JSON.stringify(rows.map(({ id }) => id));
  await db.writeTransaction(async (tx) => {
    await tx.execute('DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))', [ids]);
    await tx.execute(INSERT, [JSON.stringify(rows)]);
    await tx.execute(PRUNE, [new Date(at.getTime() - PLAIN_KEPT_MS).toISOString()]);
  });
}

/** Their author has read them. */
export async function dismissAnswers(db: CommonPowerSyncDatabase, ids: readonly string[]): Promise<void> {
  await db.execute('DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))', [JSON.stringify(ids)]);
}

/** The answers of ops that the server did not take up as a whole. */
export const rejectAll = (ops: readonly Op[], reason: string): OpOutcome[] =>
  ops.map(({ op_id }) => ({ op_id, outcome: 'rejected', reason }));

/** Whether an answer may leave the outbox without its author having dismissed it. */
export const isPlain = (outcome: Outcome): boolean => PLAIN.includes(outcome);

const COLUMNS = [
  'id',
  'op_id',
  'tx_id',
  'op',
  'table_name',
  'row_id',
  'data',
  'old',
  'metadata',
  'outcome',
  'reason',
  'conflict_id',
  'answered_at',
] as const;

/** One statement for the whole batch: a thousand answers cost as much as one. */
const INSERT = `INSERT INTO outbox (${COLUMNS.join(', ')})
  SELECT ${COLUMNS.map((name) => `json_extract(value, '$.${name}')`).join(', ')} FROM json_each(?)`;

const plainOnes = `outcome IN (${PLAIN.map((outcome) => `'${outcome}'`).join(', ')})`;
const PRUNE = `DELETE FROM outbox WHERE ${plainOnes} AND (answered_at < ? OR id NOT IN (
  SELECT id FROM outbox WHERE ${plainOnes} ORDER BY answered_at DESC, op_id DESC LIMIT ${PLAIN_KEPT}))`;

function answerRow(op: Op, outcome: OpOutcome, at: Date): Record<(typeof COLUMNS)[number], unknown> {
  return {
    id: String(op.op_id),
    op_id: op.op_id,
    tx_id: op.tx_id ?? null,
    op: op.op,
    table_name: op.type,
    row_id: op.id,
    data: jsonText(op.data),
    old: jsonText(op.old),
    metadata: op.metadata ?? null,
    outcome: outcome.outcome,
    reason: outcome.reason,
    conflict_id: outcome.conflict_id ?? null,
    answered_at: at.toISOString(),
  };
}

const jsonText = (value: unknown): string | null => (value ? JSON.stringify(value) : null);
