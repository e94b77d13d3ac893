import type { FieldValue } from '../../shared/tickets/fields.ts';
import type { ConflictRow } from './conflict-rows.ts';
import type { RowWrite } from './windows/row-write.ts';

/** What an answer needs of the question: its id, and the answer it carries already, if it was opened again. */
export type AnsweredRow = Pick<ConflictRow, 'id' | 'resolution' | 'resolved_seeing'>;

/** A person's decision, and the current value they saw when they took it (C12). */
export interface Decision {
  readonly value: FieldValue;
  readonly seeing: FieldValue;
}

/** The edit that answers a conflict. Who and when is for the server to say (C17). */
export function answerWrite(row: AnsweredRow, { value, seeing }: Decision): RowWrite {
  const values = {
    state: 'resolved',
    resolution: otherThan(row.resolution, JSON.stringify(value)),
    resolved_seeing: otherThan(row.resolved_seeing, JSON.stringify(seeing)),
  };
  return { kind: 'update', table: 'conflicts', id: row.id, values };
}

/**
 * The upload queue names only the columns that changed, yet an answer has to say all of itself, also when a
 * conflict that was opened again gets the same answer as before. White space around JSON means nothing.
 */
const otherThan = (stored: string | null, json: string): string => (stored === json ? `${json} ` : json);
