import type { Relation } from './pgoutput.ts';

/** A published table that the sync config reads, as the catalogue describes it. */
export interface SourceTable {
  id: number;
  schema: string;
  name: string;
  columns: SourceColumn[];
  /** The primary key's columns, in its order. */
  key: string[];
  /** The publication's WHERE, or null. */
  rowFilter: string | null;
  fullIdentity: boolean;
}

export interface SourceColumn {
  name: string;
  /** The declared type: what a relation message names. */
  oid: number;
  /** The type to read values by: a domain's base type. */
  baseOid: number;
}

/** What must stay the same for stored operations to stay right; it goes into the fingerprint of the stored state. */
export const shapeOf = (table: SourceTable): string =>
  JSON.stringify([
    table.id,
    table.schema,
    table.name,
    table.columns.map((column) => [column.name, column.oid]),
    table.key,
    table.rowFilter,
  ]);

/** Whether a relation message describes the table as the catalogue did when replication started. */
export const matchesRelation = (table: SourceTable, relation: Relation): boolean =>
  table.schema === relation.schema &&
  table.name === relation.name &&
  table.columns.length === relation.columns.length &&
  table.columns.every((column, i) => {
    const other = relation.columns[i];
    return other?.name === column.name && other.oid === column.oid;
  });
