import { z } from 'zod';
import { FIELDS, isFieldName } from '../../../shared/tickets/fields.ts';

const KINDS: Readonly<Record<string, (what: string, who: string) => string>> = {
  merged: (what, who) => `Your change of ${what} was merged with one by ${who}.`,
  overridden: (what, who) => `${capital(who)} changed ${what} after you, without having seen your value.`,
  review: (what, who) => `Your change of ${what} met one by ${who}. Somebody has to choose.`,
  mentioned: (_what, who) => `${capital(who)} mentioned you.`,
  assigned: (_what, who) => `${capital(who)} assigned this ticket to you.`,
};

const detail = z.object({
  field: z.string().optional(),
  actor_id: z.string().optional(),
  reason: z.string().optional(),
});

/** A notice as one sentence. `detailSource` is the row's parsed JSON; names that it lacks are left general. */
export function noticeWords(kind: string, detailSource: unknown, nameOf: (id: string) => string): string {
  const parsed = detail.safeParse(detailSource);
  const { field, actor_id, reason } = parsed.success ? parsed.data : {};
  const what = field && isFieldName(field) ? `the ${FIELDS[field].label.toLowerCase()}` : 'this ticket';
  const who = actor_id ? nameOf(actor_id) : 'somebody';
  if (kind === 'rejected') return `Your change of ${what} was not accepted. ${reason ?? ''}`.trimEnd();
  return KINDS[kind]?.(what, who) ?? `There is news about ${what}.`;
}

const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);
