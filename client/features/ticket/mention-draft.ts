import { type Mention, mentionOf, mentionsIn, withPlainMentions } from '../../../shared/tickets/mentions.ts';

/** A comment while it is written: names stand as people type them; who is meant by them is kept beside. */
export interface MentionDraft {
  readonly text: string;
  readonly chosen: readonly Mention[];
}

export const draftOf = (body: string): MentionDraft => ({
  text: withPlainMentions(body),
  chosen: mentionsIn(body),
});

/** The comment as it is stored: each `@Name` that was chosen becomes a mention; what stands in code stays. */
export function bodyOf({ text, chosen }: MentionDraft): string {
  if (chosen.length === 0) return text;
  const byName = new Map(chosen.map((person) => [person.name, person]));
  // The longest first: "@Ann Lee" is not "@Ann" with a word behind it.
  const names = [...byName.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const pattern = new RegExp(
    `\`\`\`[\\s\\S]*?\`\`\`|\`[^\`\\n]+\`|@(${names.join('|')})(?![\\p{L}\\p{N}_])`,
    'gu',
  );
  return text.replace(pattern, (match: string, name: string | undefined) => {
    const person = name === undefined ? undefined : byName.get(name);
    return person ? mentionOf(person) : match;
  });
}

/** The mention being typed at the caret. */
export interface OpenMention {
  /** Where its `@` stands. */
  readonly start: number;
  readonly query: string;
}

export function openMentionAt(text: string, caret: number): OpenMention | null {
  const match = /(?:^|[\s(])@([\p{L}\p{N}.'-]{0,40}(?: [\p{L}\p{N}.'-]{1,40})?)$/u.exec(text.slice(0, caret));
  const query = match?.[1];
  return query === undefined ? null : { start: caret - query.length - 1, query };
}

const SUGGESTED = 6;

/** People whose name, or a word of it, begins as the query does. */
export function suggestionsFor(people: readonly Mention[], query: string): readonly Mention[] {
  const wanted = query.toLowerCase();
  const fits = ({ name }: Mention) =>
    name.toLowerCase().startsWith(wanted) ||
    name
      .toLowerCase()
      .split(/\s+/)
      .some((word) => word.startsWith(wanted));
  return people.filter(fits).slice(0, SUGGESTED);
}

/** The draft with the person in place of what was typed, and where the caret then stands. */
export function withMention(
  draft: MentionDraft,
  { start, query }: OpenMention,
  person: Mention,
): { readonly draft: MentionDraft; readonly caret: number } {
  const before = draft.text.slice(0, start);
  const after = draft.text.slice(start + 1 + query.length);
  const inserted = `@${person.name}${after.startsWith(' ') ? '' : ' '}`;
  const others = draft.chosen.filter(({ name }) => name !== person.name);
  return {
    draft: { text: before + inserted + after, chosen: [...others, person] },
    caret: start + person.name.length + 2,
  };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
