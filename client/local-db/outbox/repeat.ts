import { z } from 'zod';
import type { FieldValue } from '../../../shared/tickets/fields.ts';
import type { RowValues, RowWrite } from '../windows/row-write.ts';
import type { AnsweredOp } from './entries.ts';

/**
 * What would make an op again, as a new edit that sees today's values: of one that was not accepted, with those made
 * in the same transaction (C16); of a value that a rule kept out. Null where there is nothing to make again.
 */
export function repeatOf(op: AnsweredOp, answered: readonly AnsweredOp[]): RepeatedEdit | null {
  if (!isRepeatable(op)) return null;
  const together = answered.filter((other) => other === op || wasRefusedWith(other, op));
  const ordered = [...together].sort((a, b) => a.op_id - b.op_id);
  return { writes: ordered.map(writeOf), answerIds: ordered.map(({ id }) => id) };
}

export interface RepeatedEdit {
  readonly writes: readonly RowWrite[];
  /** The answers that speak of the edit which is now made again. */
  readonly answerIds: readonly string[];
}

/** A question to a person is answered in the review panel; an answer that came too late is no edit to repeat. */
function isRepeatable({ outcome, table_name }: AnsweredOp): boolean {
  if (outcome === 'kept') return table_name === 'tickets';
  return outcome === 'rejected' && REPEATABLE_TABLES.includes(table_name);
}

const REPEATABLE_TABLES: readonly string[] = ['tickets', 'comments', 'labels', 'ticket_labels'];

const wasRefusedWith = (other: AnsweredOp, op: AnsweredOp): boolean =>
  op.outcome === 'rejected' &&
  other.outcome === 'rejected' &&
  typeof op.tx_id === 'number' &&
  other.tx_id === op.tx_id;

function writeOf({ op, table_name: table, row_id: id, data }: AnsweredOp): RowWrite {
  switch (op) {
    case 'PUT':
      return { kind: 'insert', table, id, values: valuesOf(data) };
    case 'PATCH':
      return { kind: 'update', table, id, values: valuesOf(data) };
    case 'DELETE':
      return { kind: 'delete', table, id };
  }
}

const cell = z.union([z.string(), z.number(), z.null()]);

/** Columns hold plain values only; what is none was never written by this app. */
function valuesOf(data: Readonly<Record<string, unknown>>): RowValues {
  const cells = Object.entries(data).flatMap(([name, value]): [string, FieldValue][] => {
    const parsed = cell.safeParse(value);
    return parsed.success ? [[name, parsed.data]] : [];
  });
  return Object.fromEntries(cells);
}
