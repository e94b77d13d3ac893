import type { FieldName, FieldValue } from '../../../shared/tickets/fields.ts';
import type { Change } from './change.ts';

/** An earlier value that can be brought back as a new edit. */
export type Restorable =
  | { readonly kind: 'field'; readonly field: FieldName; readonly value: FieldValue }
  | { readonly kind: 'comment'; readonly commentId: string; readonly body: string }
  | { readonly kind: 'label'; readonly labelId: string };

/**
 * What a line of the log can bring back: what it replaced, or, where it did not come through, what it wanted. So each
 * value a person ever wrote stands behind one button. Null where that value stands already.
 */
export function restorable(change: Change): Restorable | null {
  if (change.kind === 'field') {
    const value = change.outcome === 'applied' ? change.before : change.after;
    return value === change.standing ? null : { kind: 'field', field: change.field, value };
  }
  const { subject, subjectId, action, before, standing } = change;
  if (subjectId === null) return null;
  if (subject === 'label' && action === 'removed' && standing === null) {
    return { kind: 'label', labelId: subjectId };
  }
  const isEdit = subject === 'comment' && action === 'changed' && standing !== null;
  if (!isEdit || typeof before !== 'string' || before === standing) return null;
  return { kind: 'comment', commentId: subjectId, body: before };
}
