import type { RowWrite } from '../../client/local-db/windows/row-write.ts';
import type { Op } from '../../shared/protocol/upload.ts';
import type { FieldValue } from '../../shared/tickets/fields.ts';
import type { Row, View } from './view.ts';

/** What the server held at one moment, on its way to a device. */
export interface Checkpoint {
  /** Counts what the server has done. */
  readonly version: number;
  readonly view: View;
}

export interface DeviceTransaction {
  readonly txId: number;
  readonly ops: readonly Op[];
}

/**
 * A device's SQLite and upload queue, as PowerSync keeps them: writes show at once and are queued with the local
 * value before them; what the server sends is held back while anything is queued, and until the server has shown
 * that it includes what was uploaded. The contract in `test/contract/client-queue.ts` compares it with the real SDK.
 */
export interface DeviceQueue {
  /** One client transaction. False, and nothing done, when a row to change is not there. */
  commit(writes: readonly RowWrite[], metadata?: string): boolean;
  row(table: string, id: string): Row | undefined;
  rows(table: string): Row[];
  waiting(): readonly DeviceTransaction[];
  /** The server has answered everything up to this op. */
  complete(upToOpId: number): void;
  /** A person takes a queued transaction back; the local rows stay until the server's arrive. */
  discard(txId: number): void;
  /** Whether the device must ask the server how far it has come, before it can show anything new. */
  needsWriteCheckpoint(): boolean;
  writeCheckpoint(version: number): void;
  receive(checkpoint: Checkpoint): void;
}

export function createDeviceQueue(): DeviceQueue {
  let rows = new Map<string, Map<string, Row>>();
  let queue: DeviceTransaction[] = [];
  let received: Checkpoint | null = null;
  let lastOpId = 0;
  let lastTxId = 0;
  /** The server's version that holds all uploads of this device; unknown after a local write. */
  let target: number | null = 0;

  const tableOf = (table: string): Map<string, Row> => {
    const found = rows.get(table) ?? new Map<string, Row>();
    rows.set(table, found);
    return found;
  };

  const showReceived = (): void => {
    if (!received || queue.length > 0 || target === null || received.version < target) return;
    rows = new Map([...received.view].map(([table, held]) => [table, new Map(held)]));
    received = null;
  };

  return {
    commit(writes, metadata) {
      if (writes.some((write) => write.kind === 'update' && !tableOf(write.table).has(write.id)))
        return false;
      const txId = lastTxId + 1;
      const ops: Op[] = [];
      for (const write of writes) {
        const change = carryOut(tableOf(write.table), write);
        if (!change) continue;
        lastOpId += 1;
        ops.push({ op_id: lastOpId, tx_id: txId, type: write.table, id: write.id, metadata, ...change });
      }
      if (ops.length === 0) return true;
      lastTxId = txId;
      queue.push({ txId, ops });
      target = null;
      return true;
    },
    row: (table, id) => rows.get(table)?.get(id),
    rows: (table) => [...(rows.get(table)?.values() ?? [])],
    waiting: () => queue,
    complete(upToOpId) {
      queue = queue.filter(({ ops }) => ops.some((op) => op.op_id > upToOpId));
    },
    discard(txId) {
      queue = withoutTransaction(queue, txId);
    },
    needsWriteCheckpoint: () => queue.length === 0 && target === null,
    writeCheckpoint(version) {
      if (queue.length === 0) target = version;
      showReceived();
    },
    receive(checkpoint) {
      if (received && received.version > checkpoint.version) return;
      received = checkpoint;
      showReceived();
    },
  };
}

type Change = Pick<Op, 'op' | 'data' | 'old'>;

/** Changes the local row and says what the queue says of it; undefined when there was nothing to change. */
function carryOut(table: Map<string, Row>, write: RowWrite): Change | undefined {
  const before = table.get(write.id);
  switch (write.kind) {
    case 'insert':
      if (before) return undefined;
      table.set(write.id, { id: write.id, ...write.values });
      return { op: 'PUT', data: withoutNulls(write.values) };
    case 'update': {
      if (!before) return undefined;
      const changed = Object.entries(write.values).filter(
        ([column, value]) => (before[column] ?? null) !== value,
      );
      if (changed.length === 0) return undefined;
      table.set(write.id, { ...before, ...write.values });
      const old = changed.map(([column]) => [column, before[column] ?? null]);
      return { op: 'PATCH', data: Object.fromEntries(changed), old: Object.fromEntries(old) };
    }
    case 'delete': {
      if (!before) return undefined;
      table.delete(write.id);
      const { id: _, ...old } = before;
      return { op: 'DELETE', old };
    }
  }
}

const withoutNulls = (values: Readonly<Record<string, FieldValue>>): Record<string, FieldValue> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

/** What was written on top of a discarded value now stands on what was there before it. */
function withoutTransaction(queue: readonly DeviceTransaction[], txId: number): DeviceTransaction[] {
  const discarded = queue.find((transaction) => transaction.txId === txId)?.ops ?? [];
  return queue
    .filter((transaction) => transaction.txId !== txId)
    .map((transaction) =>
      transaction.txId < txId
        ? transaction
        : { ...transaction, ops: transaction.ops.map((op) => discarded.reduceRight(standingBefore, op)) },
    );
}

function standingBefore(op: Op, discarded: Op): Op {
  if (!op.old || !discarded.old || op.type !== discarded.type || op.id !== discarded.id) return op;
  const old = Object.entries(op.old).map(([column, value]) => {
    const wasDiscarded = discarded.data?.[column] === value && discarded.old && column in discarded.old;
    return [column, wasDiscarded ? discarded.old?.[column] : value];
  });
  return { ...op, old: Object.fromEntries(old) };
}
