import { z } from 'zod';
import { type FieldName, type FieldValue, isFieldName } from '../../shared/tickets/fields.ts';
import { optionalText, readJson, text } from './rows.ts';

/** An open or settled question, as SQLite holds it: its values are JSON texts; see {@link readConflict}. */
export const conflictRow = z.object({
  id: z.string(),
  project_id: text,
  ticket_id: text,
  kind: z.enum(['field', 'deleted']).catch('field'),
  field: text,
  base: optionalText,
  current: optionalText,
  proposed: optionalText,
  author_id: text,
  device_id: text,
  current_author_id: optionalText,
  state: z.enum(['open', 'resolved', 'superseded']).catch('open'),
  resolution: optionalText,
  resolved_seeing: optionalText,
  resolved_by: optionalText,
  resolved_at: optionalText,
  made_at: optionalText,
  offline_since: optionalText,
  opened_at: text,
});
export type ConflictRow = z.output<typeof conflictRow>;

/** A question about one field: what its author saw, what stands now, what they wrote. */
export interface Conflict {
  readonly id: string;
  readonly projectId: string;
  readonly ticketId: string;
  /** `deleted`: the ticket was in the trash when the edit arrived. */
  readonly kind: 'field' | 'deleted';
  readonly field: FieldName;
  readonly base: FieldValue;
  readonly current: FieldValue;
  readonly proposed: FieldValue;
  readonly authorId: string;
  readonly deviceId: string;
  readonly currentAuthorId: string | null;
  readonly state: 'open' | 'resolved' | 'superseded';
  /** The answer given; on an open conflict an earlier one, which came after the field had changed again (C12). */
  readonly answer: ConflictAnswer | null;
  readonly madeAt: string | null;
  readonly offlineSince: string | null;
  readonly openedAt: string;
}

export interface ConflictAnswer {
  readonly value: FieldValue;
  /** The current value its author saw. */
  readonly seeing: FieldValue;
  /** Null until the server has the answer: then it is this person's. */
  readonly by: string | null;
  readonly at: string | null;
}

/** Null for a field that this version of Rejoin does not know: it cannot say what the question is. */
export function readConflict(row: ConflictRow): Conflict | null {
  const { field } = row;
  if (!isFieldName(field)) return null;
  return {
    id: row.id,
    projectId: row.project_id,
    ticketId: row.ticket_id,
    kind: row.kind,
    field,
    base: readValue(row.base),
    current: readValue(row.current),
    proposed: readValue(row.proposed),
    authorId: row.author_id,
    deviceId: row.device_id,
    currentAuthorId: row.current_author_id,
    state: row.state,
    answer: answerOf(row),
    madeAt: row.made_at,
    offlineSince: row.offline_since,
    openedAt: row.opened_at,
  };
}

function answerOf(row: ConflictRow): ConflictAnswer | null {
  if (row.resolved_by === null && row.resolution === null) return null;
  return {
    value: readValue(row.resolution),
    seeing: readValue(row.resolved_seeing),
    by: row.resolved_by,
    at: row.resolved_at,
  };
}

const fieldValue = z.union([z.string(), z.number(), z.null()]).catch(null);
const readValue = (json: string | null): FieldValue => fieldValue.parse(readJson(json));
