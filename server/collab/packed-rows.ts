/** A row of the update log. */
export interface LogRow {
  readonly seq: number;
  readonly update: Uint8Array;
}

/** What Postgres aggregates with `bytea` concatenation: for each row its number, its update's length, its update. */
export const PACKED_ROW = 'int8send(seq) || int4send(length(update)) || update';
const HEAD_BYTES = 12;

/**
 * Takes apart log rows that came as one value of {@link PACKED_ROW}. A log of hundreds of short updates is read and
 * handed to another thread several times faster in one piece than row by row.
 * @returns views into `packed`
 */
export function unpackRows(packed: Uint8Array): LogRow[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const rows: LogRow[] = [];
  for (let at = 0; at < packed.length; ) {
    const seq = Number(view.getBigInt64(at));
    const from = at + HEAD_BYTES;
    at = from + view.getInt32(at + HEAD_BYTES - 4);
    rows.push({ seq, update: packed.subarray(from, at) });
  }
  return rows;
}
