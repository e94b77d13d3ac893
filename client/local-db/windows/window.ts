import type { QueryParam } from '@powersync/common';

/** A row that a collection can hold. */
export interface Row {
  readonly id: string;
}

/** One of SQLite's tables, as the screens see it. */
export interface TableDefinition<T extends Row> {
  readonly name: string;
  /** Without `id`. Named one by one when reading: the view also has `_metadata` and `_deleted`. */
  readonly columns: readonly string[];
  /** Parsing a row that was parsed before gives the same row. */
  parse(raw: unknown): T;
}

export interface Order<T extends Row> {
  readonly column: keyof T & string;
  readonly direction: 'asc' | 'desc';
}

/** A bounded, ordered query over one table. SQLite filters, orders and limits; the collection holds the result. */
export interface Window<T extends Row> {
  readonly where?: string;
  readonly params?: readonly QueryParam[];
  readonly orderBy: readonly Order<T>[];
  readonly limit?: number;
  /** `where` in words of the row: whether an edit made here would show in this window before SQLite has it. */
  readonly accepts: (row: T) => boolean;
  /** Other tables that `where` reads. */
  readonly alsoWatch?: readonly string[];
  /** For changes made by others; own writes never wait for it. Milliseconds. */
  readonly throttleMs?: number;
}

/** Two windows with one key are one collection. */
export function windowKey<T extends Row>(window: Window<T>): string {
  const { where = '', params = [], orderBy, alsoWatch = [], throttleMs = 0 } = window;
  return JSON.stringify([where, params, orderBy, alsoWatch, throttleMs]);
}

export function windowSql<T extends Row>(
  table: TableDefinition<T>,
  window: Window<T>,
  limit?: number,
): string {
  const columns = ['id', ...table.columns].map((column) => `"${column}"`).join(', ');
  const where = window.where ? ` WHERE ${window.where}` : '';
  const order = window.orderBy.map(({ column, direction }) => `"${column}" ${direction}`).join(', ');
  const bound = limit === undefined ? '' : ` LIMIT ${Math.max(0, Math.trunc(limit))}`;
  return `SELECT ${columns} FROM "${table.name}"${where}${order ? ` ORDER BY ${order}` : ''}${bound}`;
}

/** The window's order in words of the row: as SQLite's BINARY collation, nulls first. */
export function comparator<T extends Row>(orderBy: readonly Order<T>[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const { column, direction } of orderBy) {
      const sign = compareValues(a[column], b[column]);
      if (sign !== 0) return direction === 'asc' ? sign : -sign;
    }
    return 0;
  };
}

function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}
