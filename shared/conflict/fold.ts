import { type FieldName, type FieldValue, normalise } from '../tickets/fields.ts';

/**
 * One device's edit of one field, in the field's normal form (C5).
 * `base` is what its author saw; undefined where the device did not say.
 */
export interface FieldEdit {
  readonly base: FieldValue | undefined;
  readonly incoming: FieldValue;
}

export type EditReading = { ok: true; edit: FieldEdit } | { ok: false; reason: string };

/**
 * Folds one device's chain of edits of one field: base is the first `old`, incoming the last `data` (C2).
 * What lies between was only ever true on that device.
 */
export function fold(edits: readonly [FieldEdit, ...FieldEdit[]]): FieldEdit {
  const last = edits.at(-1) ?? edits[0];
  return { base: edits[0].base, incoming: last.incoming };
}

/** A→B→C→A: the author ended where they began, so there is nothing to settle (C2). */
export const isNoEdit = (edit: FieldEdit): boolean => edit.base !== undefined && edit.base === edit.incoming;

/** Reads an edit from the wire: `data` as written, `old` as the device held it before (undefined when absent). */
export function readEdit(field: FieldName, data: unknown, old: unknown): EditReading {
  const incoming = normalise(field, data);
  if (!incoming.ok) return incoming;
  return { ok: true, edit: { base: readBase(field, old), incoming: incoming.value } };
}

/**
 * A base is compared and shown, never stored in the field. So one that today's schema refuses, for example a status
 * that another version knew, is kept as it is: an edit must not fail because of what stood there before.
 */
export function readBase(field: FieldName, old: unknown): FieldValue | undefined {
  if (old === undefined) return undefined;
  const normal = normalise(field, old);
  if (normal.ok) return normal.value;
  return typeof old === 'string' || typeof old === 'number' ? old : null;
}
