import { normalise } from '../../../shared/tickets/fields.ts';

export type Estimate =
  | { readonly ok: true; readonly value: number | null }
  | { readonly ok: false; readonly reason: string };

/** What a person typed as an estimate: a number, nothing, or a sentence that says what is wrong. */
export function parseEstimate(text: string): Estimate {
  const result = normalise('estimate', text);
  if (!result.ok) return result;
  return { ok: true, value: typeof result.value === 'number' ? result.value : null };
}
