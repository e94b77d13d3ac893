import type { Transaction } from '@powersync/common';
import type { OpMetadata } from '../../../shared/protocol/upload.ts';
import type { FieldValue } from '../../../shared/tickets/fields.ts';

export type RowValues = Readonly<Record<string, FieldValue>>;

/** One row's change. An update names the columns its author changed and no other (C4). */
export type RowWrite =
  | { readonly kind: 'insert'; readonly table: string; readonly id: string; readonly values: RowValues }
  | { readonly kind: 'update'; readonly table: string; readonly id: string; readonly values: RowValues }
  | { readonly kind: 'delete'; readonly table: string; readonly id: string };

export class RowGoneError extends Error {
  override name = 'RowGoneError';
  constructor(table: string, id: string) {
    super(`The row ${id} of ${table} is no longer on this device.`);
  }
}

/** Writes the rows and, as its metadata, what this device says about the moment of the edit. */
export async function writeRows(
  tx: Transaction,
  writes: readonly RowWrite[],
  about: OpMetadata,
): Promise<void> {
  const metadata = JSON.stringify(about);
  for (const write of writes) await writeRow(tx, write, metadata);
}

async function writeRow(tx: Transaction, write: RowWrite, metadata: string): Promise<void> {
  const table = quoted(write.table);
  switch (write.kind) {
    case 'insert': {
      const columns = ['id', ...Object.keys(write.values), '_metadata'].map(quoted);
      const holes = columns.map(() => '?').join(', ');
      const values = [write.id, ...Object.values(write.values), metadata, write.id];
      // Ids that come from their content (labels) may be there already; an insert must not replace the row.
      const unlessThere = `SELECT ${holes} WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE id = ?)`;
      await tx.execute(`INSERT INTO ${table} (${columns.join(', ')}) ${unlessThere}`, values);
      return;
    }
    case 'update': {
      if (Object.keys(write.values).length === 0) return;
      await ensureThere(tx, write);
      const sets = [...Object.keys(write.values), '_metadata'].map((column) => `${quoted(column)} = ?`);
      const values = [...Object.values(write.values), metadata, write.id];
      await tx.execute(`UPDATE ${table} SET ${sets.join(', ')} WHERE id = ?`, values);
      return;
    }
    case 'delete':
      // The view's way to delete with metadata. A row that is gone already is what the author wanted.
      await tx.execute(`UPDATE ${table} SET _metadata = ?, _deleted = TRUE WHERE id = ?`, [
        metadata,
        write.id,
      ]);
  }
}

/** An UPDATE of a view that matches nothing says nothing; the author must hear of it. */
async function ensureThere(tx: Transaction, { table, id }: RowWrite): Promise<void> {
  const row = await tx.getOptional(`SELECT 1 AS there FROM ${quoted(table)} WHERE id = ?`, [id]);
  if (!row) throw new RowGoneError(table, id);
}

const quoted = (name: string): string => `"${name}"`;
