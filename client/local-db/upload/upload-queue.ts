import type { CommonPowerSyncDatabase, CrudEntry, CrudTransaction } from '@powersync/common';
import type { Op } from '../../../shared/protocol/upload.ts';

/** A batch stays well below the server's limit: a lost answer costs little, and progress shows. */
const BATCH_OPS = 500;
const BATCH_BYTES = 1024 * 1024;

/** One client transaction, as it waits in the upload queue and as it is sent. */
export interface QueuedTransaction {
  readonly ops: readonly Op[];
  readonly tx_id: number | null;
  /** Takes this transaction and all before it out of the queue. */
  complete(): Promise<void>;
}

/** The oldest transactions, as many as fit one request; one that is too big by itself goes alone. */
export async function nextBatch(db: CommonPowerSyncDatabase): Promise<QueuedTransaction[]> {
  const batch: QueuedTransaction[] = [];
  let ops = 0;
  let bytes = 0;
  for await (const transaction of db.getCrudTransactions()) {
    const queued = toQueued(transaction);
    ops += queued.ops.length;
    bytes += new TextEncoder().encode(JSON.stringify(queued.ops)).byteLength;
    if (batch.length > 0 && (ops > BATCH_OPS || bytes > BATCH_BYTES)) break;
    batch.push(queued);
  }
  return batch;
}

function toQueued(transaction: CrudTransaction): QueuedTransaction {
  return {
    tx_id: transaction.transactionId ?? null,
    ops: transaction.crud.map(toOp),
    complete: () => transaction.complete(),
  };
}

/** As `CrudEntry.toJSON()` gives it. */
function toOp(entry: CrudEntry): Op {
  return {
    op_id: entry.clientId,
    op: `${entry.op}` as const,
    type: entry.table,
    id: entry.id,
    tx_id: entry.transactionId,
    data: entry.opData,
    old: entry.previousValues,
    metadata: entry.metadata,
  };
}
