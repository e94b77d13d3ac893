import type { CommonPowerSyncDatabase, Transaction } from '@powersync/common';
import { z } from 'zod';
import { readJson } from '../rows.ts';
import { AppSchema } from '../schema.ts';
import { noteDiscard, readMark } from '../upload/upload-mark.ts';
import { type DiscardPlan, planDiscard, type QueuedOp, type RowRepair } from './discard-plan.ts';

export type Discarded =
  /** The tickets whose creation went, so that their descriptions can be forgotten too. */
  | { readonly ok: true; readonly tickets: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const ALREADY_SENT =
  'This change has been sent meanwhile, so it cannot be discarded. Change it back once the server has answered.';
const ALREADY_GONE = 'This change is not waiting any more.';

/**
 * Takes an op that was never handed to the network out of the upload queue, with what builds on it, and brings the
 * rows back to what they were. All in one transaction: an upload either sends the op or never sees it.
 */
export async function discardOp(
  db: CommonPowerSyncDatabase,
  { opId, rowId }: DiscardedOp,
): Promise<Discarded> {
  return db.writeTransaction(async (tx) => {
    const queue = await readQueue(tx);
    const plan = planDiscard(queue, opId);
    if (!plan || plan.removed[0]?.rowId !== rowId) return { ok: false, reason: ALREADY_GONE };
    if (opId <= (await readMark(tx)).sentTo) return { ok: false, reason: ALREADY_SENT };
    await carryOut(tx, plan);
    await noteDiscard(tx);
    const tickets = plan.removed.filter(({ op, table }) => op === 'PUT' && table === 'tickets');
    return { ok: true, tickets: tickets.map((ticket) => ticket.rowId) };
  });
}

/** Named twice: op ids of one transaction may move up when one of them is discarded. */
export type DiscardedOp = Pick<QueuedOp, 'opId' | 'rowId'>;

/** All that waits, oldest first. */
export async function readQueue(db: Pick<CommonPowerSyncDatabase, 'getAll'>): Promise<QueuedOp[]> {
  return queueRow.array().parse(await db.getAll(QUEUE_SQL));
}

export const QUEUE_SQL = 'SELECT id, data FROM ps_crud ORDER BY id';

async function carryOut(tx: Transaction, { removed, rewritten, rows }: DiscardPlan): Promise<void> {
  for (const { opId, old } of rewritten) {
    const sql = `UPDATE ps_crud SET data = json_set(data, '$.old', json(?)) WHERE id = ?`;
    await tx.execute(sql, [JSON.stringify(old), opId]);
  }
  for (const repair of rows) await repairRow(tx, repair);
  for (const { opId } of removed) await removeOp(tx, opId);
}

/**
 * PowerSync takes consecutive ids with one transaction number for one transaction. A hole in the middle would part
 * it in two (C16), so those before it move up; none of them was ever sent, so no answer belongs to their ids yet.
 */
async function removeOp(tx: Transaction, opId: number): Promise<void> {
  const before = await tx.getAll(
    `SELECT b.id FROM ps_crud b JOIN ps_crud x ON x.tx_id = b.tx_id
     WHERE x.id = ? AND b.id < x.id AND EXISTS (SELECT 1 FROM ps_crud a WHERE a.tx_id = x.tx_id AND a.id > x.id)
     ORDER BY b.id DESC`,
    [opId],
  );
  await tx.execute('DELETE FROM ps_crud WHERE id = ?', [opId]);
  for (const { id } of idRow.array().parse(before)) {
    await tx.execute('UPDATE ps_crud SET id = id + 1 WHERE id = ?', [id]);
  }
}

/** Writes beneath the view, where it is no edit. PowerSync brings the row up to date with the next checkpoint. */
async function repairRow(tx: Transaction, repair: RowRepair): Promise<void> {
  const table = storageOf(repair.table);
  switch (repair.kind) {
    case 'remove':
      await tx.execute(`DELETE FROM ${table} WHERE id = ?`, [repair.id]);
      return;
    case 'set':
      for (const [column, value] of Object.entries(repair.values)) {
        const sql = `UPDATE ${table} SET data = json_set(data, ?, json(?)) WHERE id = ?`;
        await tx.execute(sql, [`$."${column}"`, JSON.stringify(value), repair.id]);
      }
      return;
    case 'restore':
      await tx.execute(`INSERT OR IGNORE INTO ${table} (id, data) VALUES (?, ?)`, [
        repair.id,
        JSON.stringify(repair.values),
      ]);
  }
}

/** PowerSync's own table behind a view. Only for tables of this app's schema. */
function storageOf(table: string): string {
  if (!Object.hasOwn(AppSchema.props, table)) throw new Error(`Rejoin has no table ${table}.`);
  return `"ps_data__${table}"`;
}

const columns = z.record(z.string(), z.unknown()).nullish();
const idRow = z.object({ id: z.number() });
const queuedJson = z.object({
  op: z.enum(['PUT', 'PATCH', 'DELETE']),
  type: z.string(),
  id: z.string(),
  data: columns,
  old: columns,
});

export const queueRow = z
  .object({ id: z.number(), data: z.string() })
  .transform(({ id, data }, context): QueuedOp => {
    const parsed = queuedJson.safeParse(readJson(data));
    if (!parsed.success) {
      context.addIssue({ code: 'custom', message: `The queued op ${id} cannot be read.` });
      return z.NEVER;
    }
    const { op, type, id: rowId, data: named, old } = parsed.data;
    return { opId: id, op, table: type, rowId, data: named ?? {}, old: old ?? {} };
  });
