import { z } from 'zod';
import {
  type Columns,
  planDiscard,
  type QueuedOp,
  type RowRepair,
} from '../../client/local-db/outbox/discard-plan.ts';
import type { RowWrite } from '../../client/local-db/windows/row-write.ts';
import { fieldValue } from '../../server/tickets/rows.ts';
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
  /** These ops were handed to the network; whether they arrived, nobody knows. */
  handOver(upToOpId: number): void;
  /** As the outbox does it. The ops that went, with what was built on it; none where it may have arrived already. */
  discard(opId: number): readonly number[];
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
  let handedOver = 0;
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
    handOver(upToOpId) {
      handedOver = Math.max(handedOver, upToOpId);
    },
    discard(opId) {
      const plan = planDiscard(
        queue.flatMap(({ ops }) => ops.map(toQueued)),
        opId,
      );
      if (!plan || opId <= handedOver) return [];
      for (const repair of plan.rows) repairRow(tableOf(repair.table), repair);
      const removed = plan.removed.map((op) => op.opId);
      const rewritten = new Map(plan.rewritten.map((change) => [change.opId, change.old]));
      queue = queue
        .map(({ txId, ops }) => ({
          txId,
          ops: ops
            .filter((op) => !removed.includes(op.op_id))
            .map((op) => ({ ...op, old: rewritten.get(op.op_id) ?? op.old })),
        }))
        .filter(({ ops }) => ops.length > 0);
      return removed;
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

const toQueued = (op: Op): QueuedOp => ({
  opId: op.op_id,
  op: op.op,
  table: op.type,
  rowId: op.id,
  data: op.data ?? {},
  old: op.old ?? {},
});

function repairRow(table: Map<string, Row>, repair: RowRepair): void {
  const row = table.get(repair.id);
  switch (repair.kind) {
    case 'remove':
      table.delete(repair.id);
      return;
    case 'set':
      if (row) table.set(repair.id, { ...row, ...cells(repair.values) });
      return;
    case 'restore':
      if (!row) table.set(repair.id, { ...cells(repair.values), id: repair.id });
  }
}

const cells = (values: Columns): Row => z.record(z.string(), fieldValue).parse(values);
