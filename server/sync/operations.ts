import { createHash } from 'node:crypto';

/** One entry of a bucket's history. Source: PowerSync protocol, "Operations". */
export interface Op {
  op_id: bigint;
  /** The bucket's number in storage. */
  bucket: number;
  /** MOVE and CLEAR come from compaction only: they stand for what was superseded, and carry a checksum but no row. */
  op: 'PUT' | 'REMOVE' | 'MOVE' | 'CLEAR';
  type: string;
  id: string;
  /** Which source row it came from: `<table oid>/<primary key>`. */
  subkey: string;
  /** Unsigned, 32 bits. */
  checksum: number;
  data: string | null;
}

/** A bucket's state after its last op; within a {@link Chunk}, what the chunk adds to it. */
export interface Bucket {
  id: number;
  /** Within a chunk, empty for a bucket that was there before. */
  name: string;
  count: number;
  /** Sum of its ops' checksums, modulo 2^32. */
  checksum: number;
  last: bigint;
}

/** An entry of the parameter index; `rows` null removes it. */
export interface ParameterChange {
  lookup: string;
  source: string;
  rows: string | null;
}

/** What a batch adds to storage in one statement. Bucket numbers are added to what is there, so that compaction may run beside it. */
export interface Chunk {
  ops: readonly Op[];
  buckets: readonly Bucket[];
  parameters: readonly ParameterChange[];
  lsn: bigint;
  lastOp: bigint;
}

/** Checksums of the protocol are added modulo 2^32. */
export const addChecksums = (a: number, b: number): number => (a + b) >>> 0;

/** The PowerSync Service's checksums, byte for byte: a client may move between the two. */
export const putChecksum = (type: string, id: string, data: string): number =>
  hash(`put.${type}.${id}.${data}`);

export const removeChecksum = (subkey: string): number => hash(`delete.${subkey}`);

const hash = (text: string): number => createHash('sha256').update(text).digest().readUInt32LE(0);
