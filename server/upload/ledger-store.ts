import type pg from 'pg';
import { z } from 'zod';
import { type OpOutcome, OUTCOMES } from '../../shared/protocol/upload.ts';
import type { DeviceKey } from './store.ts';

/** All SQL about the ledger: what every op ever sent was answered (C14). */

/** Uploads of one device run one after the other: of two that carry the same ops, the second finds the answers. */
export async function lockDevice(tx: pg.ClientBase, { userId, deviceId }: DeviceKey): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    JSON.stringify([userId, deviceId]),
  ]);
}

const answerRow = z.object({
  op_id: z.number(),
  outcome: z.enum(OUTCOMES),
  reason: z.string().nullable(),
  conflict_id: z.string().nullable(),
});

export async function readAnswers(
  tx: pg.ClientBase,
  { userId, deviceId }: DeviceKey,
  opIds: readonly number[],
): Promise<Map<number, OpOutcome>> {
  const { rows } = await tx.query(
    `SELECT op_id, outcome, reason, conflict_id FROM ledger
     WHERE user_id = $1 AND device_id = $2 AND op_id = ANY($3::bigint[])`,
    [userId, deviceId, opIds],
  );
  const answers = z.array(answerRow).parse(rows);
  return new Map(
    answers.map(({ conflict_id, ...answer }) => [
      answer.op_id,
      conflict_id ? { ...answer, conflict_id } : answer,
    ]),
  );
}

export async function recordAnswers(
  tx: pg.ClientBase,
  { userId, deviceId }: DeviceKey,
  outcomes: readonly OpOutcome[],
): Promise<void> {
  await tx.query(
    `INSERT INTO ledger (user_id, device_id, op_id, outcome, reason, conflict_id)
     SELECT $1, $2, op_id, outcome, reason, conflict_id
     FROM jsonb_populate_recordset(NULL::ledger, $3::jsonb)`,
    [userId, deviceId, JSON.stringify(outcomes)],
  );
}
