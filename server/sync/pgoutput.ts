/**
 * Decodes `pgoutput`, protocol version 1: Postgres' own logical replication messages.
 * Source: PostgreSQL documentation, "Logical Replication Message Formats". Values stay the text Postgres wrote.
 */

/** A row as Postgres wrote it; `undefined` is a large value that the change left as it was. */
export type Tuple = (string | null | undefined)[];

export interface Relation {
  id: number;
  schema: string;
  name: string;
  /** `f` is REPLICA IDENTITY FULL. */
  identity: string;
  columns: { name: string; oid: number }[];
}

export type Change =
  | { kind: 'insert'; relation: number; row: Tuple }
  | { kind: 'update'; relation: number; old: Tuple | null; row: Tuple }
  | { kind: 'delete'; relation: number; old: Tuple };

export type Message =
  | Change
  | { kind: 'begin' }
  | { kind: 'commit'; endLsn: bigint }
  | { kind: 'relation'; relation: Relation }
  | { kind: 'truncate'; relations: number[] }
  | { kind: 'keepalive'; walEnd: bigint; reply: boolean }
  | { kind: 'other' };

const XLOG_DATA = 0x77;
const KEEPALIVE = 0x6b;
const XLOG_HEADER_BYTES = 25;

/** One CopyData payload of the replication stream → a message. */
export function decodeCopyData(chunk: Buffer): Message {
  if (chunk[0] === XLOG_DATA) return decodeChange(createReader(chunk, XLOG_HEADER_BYTES));
  if (chunk[0] === KEEPALIVE) {
    return { kind: 'keepalive', walEnd: chunk.readBigUInt64BE(1), reply: chunk[17] === 1 };
  }
  return { kind: 'other' };
}

function decodeChange(read: Reader): Message {
  switch (read.letter()) {
    case 'B':
      return { kind: 'begin' };
    case 'C': {
      read.byte();
      read.int64();
      return { kind: 'commit', endLsn: read.int64() };
    }
    case 'R':
      return { kind: 'relation', relation: decodeRelation(read) };
    case 'I': {
      const relation = read.int32();
      read.letter();
      return { kind: 'insert', relation, row: read.tuple() };
    }
    case 'U': {
      const relation = read.int32();
      if (read.letter() === 'N') return { kind: 'update', relation, old: null, row: read.tuple() };
      const old = read.tuple();
      read.letter();
      return { kind: 'update', relation, old, row: read.tuple() };
    }
    case 'D': {
      const relation = read.int32();
      read.letter();
      return { kind: 'delete', relation, old: read.tuple() };
    }
    case 'T': {
      const count = read.int32();
      read.byte();
      return { kind: 'truncate', relations: Array.from({ length: count }, () => read.int32()) };
    }
    default:
      return { kind: 'other' };
  }
}

function decodeRelation(read: Reader): Relation {
  const id = read.int32();
  const schema = read.text() || 'pg_catalog';
  const name = read.text();
  const identity = read.letter();
  const columns = Array.from({ length: read.int16() }, () => {
    read.byte();
    const column = { name: read.text(), oid: read.int32() };
    read.int32();
    return column;
  });
  return { id, schema, name, identity, columns };
}

interface Reader {
  byte(): number;
  letter(): string;
  int16(): number;
  int32(): number;
  int64(): bigint;
  text(): string;
  tuple(): Tuple;
}

function createReader(bytes: Buffer, start: number): Reader {
  let at = start;
  const skip = (count: number) => {
    at += count;
    return at - count;
  };
  const read: Reader = {
    byte: () => bytes.readUInt8(skip(1)),
    letter: () => String.fromCharCode(read.byte()),
    int16: () => bytes.readUInt16BE(skip(2)),
    int32: () => bytes.readUInt32BE(skip(4)),
    int64: () => bytes.readBigUInt64BE(skip(8)),
    text() {
      const end = bytes.indexOf(0, at);
      const value = bytes.toString('utf8', at, end);
      at = end + 1;
      return value;
    },
    tuple: () => Array.from({ length: read.int16() }, value),
  };
  const value = (): string | null | undefined => {
    const kind = read.letter();
    if (kind === 'n') return null;
    if (kind !== 't') return undefined;
    const length = read.int32();
    const from = skip(length);
    return bytes.toString('utf8', from, from + length);
  };
  return read;
}
