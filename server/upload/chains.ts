import { type FieldEdit, readBase } from '../../shared/conflict/fold.ts';
import { type FieldName, isFieldName } from '../../shared/tickets/fields.ts';
import type { Draft } from './draft.ts';
import type { QueuedOp } from './parse.ts';
import { fieldKey } from './store.ts';

/** Adds an edit to its field's chain; the chain is folded and settled later, as one edit (C2). */
export function extendChain(
  draft: Draft,
  op: QueuedOp,
  ticketId: string,
  field: FieldName,
  edit: FieldEdit,
): void {
  const key = fieldKey(ticketId, field);
  const chain = draft.chains.get(key) ?? { ticketId, field, base: edit.base, steps: [] };
  draft.chains.set(key, { ...chain, steps: [...chain.steps, { op, edit }] });
}

/**
 * A refused op still says what its author saw before it: A→B refused, then B→C, is an edit of A. Without this the
 * author's own refused B would look like somebody else's value, and the second edit like a conflict (C5).
 */
export function rememberRefused(draft: Draft, op: QueuedOp): void {
  for (const [field, base] of basesOf(op)) {
    const key = fieldKey(op.id, field);
    if (!draft.chains.has(key)) draft.chains.set(key, { ticketId: op.id, field, base, steps: [] });
  }
}

/** An op answered before has had its effect: what follows it starts afresh. */
export function forgetAnswered(draft: Draft, op: QueuedOp): void {
  for (const [field] of basesOf(op)) {
    const key = fieldKey(op.id, field);
    if (draft.chains.get(key)?.steps.length === 0) draft.chains.delete(key);
  }
}

function basesOf(op: QueuedOp): [FieldName, FieldEdit['base']][] {
  if (op.table !== 'tickets' || op.verb !== 'PATCH') return [];
  return Object.keys(op.data)
    .filter(isFieldName)
    .map((field) => [field, readBase(field, op.old[field])]);
}
