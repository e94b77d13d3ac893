import { parameterKey, type RowChanges } from './changes.ts';
import {
  addChecksums,
  type Bucket,
  type Chunk,
  type Op,
  type ParameterChange,
  putChecksum,
  removeChecksum,
} from './operations.ts';

/**
 * Source transactions that become visible to clients together, at a transaction border. Large ones leave in chunks,
 * so that memory stays flat; what has left is not visible before the last chunk is committed.
 */
export interface Batch {
  /** The source position that is stored when the batch is. */
  lsn: bigint;
  readonly lastOp: bigint;
  /** Bytes not yet given to storage. */
  readonly pendingBytes: number;
  /** Bytes of the whole batch. */
  readonly bytes: number;
  readonly dirty: boolean;
  /** How many ops it has, in all. */
  readonly ops: number;
  add(changes: RowChanges): void;
  /** Takes a row out of a bucket that is known by number. */
  remove(place: { bucket: number; type: string; id: string; subkey: string }): void;
  addParameter(change: ParameterChange): void;
  /** What has gathered since the last call, for storage. */
  takeChunk(): Chunk;
  /** All of it, for the memory of the streams. `ops` is null when they were too many to keep. */
  summary(): BatchSummary;
}

export interface BatchSummary {
  ops: Op[] | null;
  buckets: Bucket[];
  parameters: ParameterChange[];
  lsn: bigint;
  lastOp: bigint;
}

export interface BatchStart {
  lsn: bigint;
  lastOp: bigint;
  nextBucketId: number;
  bucketIdOf(name: string): number | undefined;
}

/** A batch above this is read back from storage by the streams. */
const MAX_KEPT_BYTES = 24 << 20;
const OP_OVERHEAD_BYTES = 200;

export function createBatch(start: BatchStart): Batch {
  const all = createTally();
  let pending = createTally();
  let pendingOps: Op[] = [];
  let kept: Op[] | null = [];
  let pendingBytes = 0;
  let bytes = 0;
  let ops = 0;
  let lastOp = start.lastOp;
  let nextBucketId = start.nextBucketId;
  const newBuckets = new Map<string, number>();
  const newNames = new Map<number, string>();

  const bucketId = (name: string): number => {
    const known = start.bucketIdOf(name) ?? newBuckets.get(name);
    if (known !== undefined) return known;
    const id = nextBucketId++;
    newBuckets.set(name, id);
    newNames.set(id, name);
    return id;
  };
  const append = (op: Omit<Op, 'op_id'>) => {
    const size = OP_OVERHEAD_BYTES + (op.data?.length ?? 0);
    const numbered = { op_id: ++lastOp, ...op };
    pendingOps.push(numbered);
    ops++;
    pendingBytes += size;
    bytes += size;
    if (bytes > MAX_KEPT_BYTES) kept = null;
    kept?.push(numbered);
    const name = newNames.get(op.bucket) ?? '';
    pending.count(numbered, name);
    all.count(numbered, name);
  };
  const batch: Batch = {
    lsn: start.lsn,
    get lastOp() {
      return lastOp;
    },
    get pendingBytes() {
      return pendingBytes;
    },
    get bytes() {
      return bytes;
    },
    get ops() {
      return ops;
    },
    get dirty() {
      return lastOp > start.lastOp;
    },
    add(changes) {
      for (const { bucket, ...row } of changes.puts) {
        append({
          op: 'PUT',
          bucket: bucketId(bucket),
          checksum: putChecksum(row.type, row.id, row.data),
          ...row,
        });
      }
      for (const { bucket, ...row } of changes.removes) batch.remove({ bucket: bucketId(bucket), ...row });
      for (const change of changes.parameters) batch.addParameter(change);
    },
    remove: (place) => append({ op: 'REMOVE', checksum: removeChecksum(place.subkey), data: null, ...place }),
    addParameter(change) {
      // Takes a number, as in the Service: a checkpoint after a change of membership is a later one.
      lastOp++;
      pendingBytes += OP_OVERHEAD_BYTES;
      bytes += OP_OVERHEAD_BYTES;
      pending.parameters.set(parameterKey(change), change);
      all.parameters.set(parameterKey(change), change);
    },
    takeChunk() {
      const chunk = { ...pending.values(), ops: pendingOps, lsn: batch.lsn, lastOp };
      pending = createTally();
      pendingOps = [];
      pendingBytes = 0;
      return chunk;
    },
    summary: () => ({ ...all.values(), ops: kept, lsn: batch.lsn, lastOp }),
  };
  return batch;
}

interface Tally {
  parameters: Map<string, ParameterChange>;
  count(op: Op, name: string): void;
  values(): { buckets: Bucket[]; parameters: ParameterChange[] };
}

/** What was added: sums of ops by bucket, and the last word on each entry of the parameter index. */
function createTally(): Tally {
  const buckets = new Map<number, Bucket>();
  const parameters = new Map<string, ParameterChange>();
  return {
    parameters,
    count(op, name) {
      const bucket = buckets.get(op.bucket) ?? { id: op.bucket, name, count: 0, checksum: 0, last: 0n };
      bucket.count++;
      bucket.checksum = addChecksums(bucket.checksum, op.checksum);
      bucket.last = op.op_id;
      buckets.set(op.bucket, bucket);
    },
    values: () => ({ buckets: [...buckets.values()], parameters: [...parameters.values()] }),
  };
}
