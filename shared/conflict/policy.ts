import { type FieldName, fieldOf, type Policy } from '../tickets/fields.ts';

/** The policies a project's admin can choose for a field: `rule` only where the field has one (C10). */
export function policyChoices(field: FieldName): readonly Policy[] {
  const choices: Policy[] = ['last-write-wins', 'review'];
  return fieldOf(field).rule ? ['rule', ...choices] : choices;
}

/** What settles concurrent edits of a field in a project: its own choice, or the field's default. */
export function policyOf(field: FieldName, chosen: Policy | undefined): Policy {
  if (chosen !== undefined && policyChoices(field).includes(chosen)) return chosen;
  return fieldOf(field).defaultPolicy;
}
