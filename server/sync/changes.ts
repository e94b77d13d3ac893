import type { BoundConfig, BucketRow, Evaluated } from './config.ts';
import type { ParameterChange } from './operations.ts';
import type { Tuple } from './pgoutput.ts';
import type { SourceTable } from './source-table.ts';

/** What one source change does to buckets and to the parameter index. */
export interface RowChanges {
  puts: BucketRow[];
  removes: Omit<BucketRow, 'data'>[];
  parameters: ParameterChange[];
}

/**
 * One row's change → its operations: put into the buckets it is in now, removed from those it was in before.
 * Published tables have REPLICA IDENTITY FULL, so the old row comes with the change, and where it was is
 * recomputed instead of stored. Pure.
 */
export function changesOf(
  config: Pick<BoundConfig, 'evaluate'>,
  table: SourceTable,
  old: Tuple | null,
  row: Tuple | null,
): RowChanges {
  const before = old ? config.evaluate(table, old) : NOTHING;
  const after = row ? config.evaluate(table, withUnchanged(row, old)) : NOTHING;
  const now = new Set(after.data.map(placeOf));
  return {
    puts: after.data,
    removes: before.data
      .filter((place) => !now.has(placeOf(place)))
      .map(({ bucket, type, id, subkey }) => ({ bucket, type, id, subkey })),
    parameters: parameterChanges(before, after),
  };
}

const NOTHING: Evaluated = { data: [], parameters: [] };

/** Large values that a change leaves alone are not sent again; the old row has them. */
function withUnchanged(row: Tuple, old: Tuple | null): Tuple {
  if (!old || !row.includes(undefined)) return row;
  return row.map((value, i) => (value === undefined ? old[i] : value));
}

const placeOf = (row: Omit<BucketRow, 'data'>): string =>
  JSON.stringify([row.bucket, row.type, row.id, row.subkey]);

function parameterChanges(before: Evaluated, after: Evaluated): ParameterChange[] {
  const left = new Map(before.parameters.map((entry) => [parameterKey(entry), entry]));
  const changes: ParameterChange[] = [];
  for (const entry of after.parameters) {
    const known = left.get(parameterKey(entry));
    left.delete(parameterKey(entry));
    if (known?.rows !== entry.rows) changes.push(entry);
  }
  for (const { lookup, source } of left.values()) changes.push({ lookup, source, rows: null });
  return changes;
}

/** Names an entry of the parameter index. */
export const parameterKey = (entry: { lookup: string; source: string }): string =>
  JSON.stringify([entry.lookup, entry.source]);
