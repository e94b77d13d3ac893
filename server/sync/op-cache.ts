import type { Op } from './operations.ts';

/** The most recent ops of all buckets, so that a live update never reads storage. Bounded in bytes. */
export interface OpCache {
  add(ops: readonly Op[]): void;
  /** Forgets everything up to and with `floor`. */
  clear(floor: bigint): void;
  /** A bucket's ops after `after`, up to `upTo`; null if the cache does not reach back that far. */
  read(bucket: number, after: bigint, upTo: bigint, limit: number): Op[] | null;
}

const OP_OVERHEAD_BYTES = 160;
/** How many forgotten entries the order list may carry before it is rewritten. */
const SLACK = 10_000;

export function createOpCache(maxBytes: number): OpCache {
  const byBucket = new Map<number, Op[]>();
  let order: Op[] = [];
  let head = 0;
  let bytes = 0;
  let floor = 0n;

  const forgetOldest = () => {
    const op = order[head++];
    if (!op) return;
    floor = op.op_id;
    bytes -= sizeOf(op);
    const list = byBucket.get(op.bucket);
    list?.shift();
    if (list?.length === 0) byBucket.delete(op.bucket);
  };
  return {
    add(ops) {
      for (const op of ops) {
        const list = byBucket.get(op.bucket);
        if (list) list.push(op);
        else byBucket.set(op.bucket, [op]);
        order.push(op);
        bytes += sizeOf(op);
      }
      while (bytes > maxBytes) forgetOldest();
      if (head > SLACK) {
        order = order.slice(head);
        head = 0;
      }
    },
    clear(upTo) {
      byBucket.clear();
      order = [];
      head = 0;
      bytes = 0;
      floor = upTo;
    },
    read(bucket, after, upTo, limit) {
      if (after < floor) return null;
      const list = byBucket.get(bucket) ?? [];
      let from = list.length;
      while (from > 0 && (list[from - 1]?.op_id ?? 0n) > after) from--;
      const found: Op[] = [];
      for (const op of list.slice(from, from + limit)) {
        if (op.op_id > upTo) break;
        found.push(op);
      }
      return found;
    },
  };
}

/** Strings are held as two bytes a character at worst. */
const sizeOf = (op: Op): number => OP_OVERHEAD_BYTES + (op.data?.length ?? 0) * 2;
