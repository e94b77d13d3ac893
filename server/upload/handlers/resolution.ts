import { readBase } from '../../../shared/conflict/fold.ts';
import { type FieldValue, normalise } from '../../../shared/tickets/fields.ts';
import type { ConflictRow } from '../../review/rows.ts';
import { objectionTo } from '../field-values.ts';
import type { Judgement } from '../handler.ts';
import type { QueuedOp } from '../parse.ts';

/** A person's answer to a conflict, and the current value they saw when they gave it. */
export interface Resolution {
  readonly value: FieldValue;
  readonly seeing: FieldValue;
}

export type ResolutionReading = { ok: true; resolution: Resolution } | { ok: false; reason: string };

/** `resolution` and `resolved_seeing` are JSON, as the columns are: `"done"` with its quotes, `null` for no value. */
export function readResolution(op: QueuedOp, judgement: Judgement, conflict: ConflictRow): ResolutionReading {
  const { state } = op.data;
  if (state !== undefined && state !== 'resolved')
    return { ok: false, reason: 'A conflict can only be answered.' };
  const value = readJson(op.data.resolution);
  const seeing = readJson(op.data.resolved_seeing);
  if (!value.ok || !seeing.ok) {
    return { ok: false, reason: 'This answer does not say what it chose, or what it saw. Answer again.' };
  }
  const normal = normalise(conflict.field, value.json);
  if (!normal.ok) return { ok: false, reason: `${normal.reason}. Correct it and answer again.` };
  const current = judgement.draft.tickets.get(conflict.ticket_id)?.values[conflict.field];
  const objection =
    normal.value === current
      ? null
      : objectionTo(judgement, conflict.project_id, conflict.field, normal.value);
  if (objection !== null) return { ok: false, reason: objection };
  const seen = readBase(conflict.field, seeing.json);
  return { ok: true, resolution: { value: normal.value, seeing: seen === undefined ? null : seen } };
}

function readJson(value: unknown): { ok: true; json: unknown } | { ok: false } {
  if (value === undefined) return { ok: false };
  if (typeof value !== 'string') return { ok: true, json: value };
  try {
    return { ok: true, json: JSON.parse(value) };
  } catch {
    return { ok: false };
  }
}
