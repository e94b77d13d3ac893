import type { PersonMention } from './document-mentions.ts';

/** A mention that its person is to be told of. */
export interface NewMention extends PersonMention {
  readonly update: number;
}

/** One fold cannot fill everybody's notices. */
const PEOPLE_MAX = 50;

/** How often each person is mentioned. */
export function countMentions(mentions: readonly PersonMention[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { personId } of mentions) counts.set(personId, (counts.get(personId) ?? 0) + 1);
  return counts;
}

/**
 * Whom to tell, each once: those whom the last updates mention and who stand in the document more often than ever
 * before. `told` holds how often that was, for everybody who may be told.
 */
export function newMentions(
  mentions: readonly PersonMention[],
  told: ReadonlyMap<string, number>,
): NewMention[] {
  const counts = countMentions(mentions);
  const fresh = new Map<string, NewMention>();
  for (const { update, ...mention } of mentions) {
    const { personId } = mention;
    const before = told.get(personId);
    if (update === null || before === undefined || (counts.get(personId) ?? 0) <= before) continue;
    fresh.set(personId, { ...mention, update });
  }
  return [...fresh.values()].slice(0, PEOPLE_MAX);
}
