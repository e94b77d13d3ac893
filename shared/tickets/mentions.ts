/**
 * A mention in a comment's text: `@[Priya Shah](person:<profile id>)`. What stands in code is quoted, not said: it
 * mentions nobody, and comes first so that nothing within it is found.
 */
const CODE_OR_MENTION = /(```[\s\S]*?```|`[^`\n]+`)|@\[([^[\]\n]{1,200})\]\(person:([^()\s]{1,200})\)/g;

export interface Mention {
  readonly id: string;
  readonly name: string;
}

/** The form a mention has in a text; characters of a name that would end it early are left out. */
export const mentionOf = ({ id, name }: Mention): string =>
  `@[${name.replace(/[[\]\n]/g, '')}](person:${id})`;

/** Everybody a text mentions, each once. */
export function mentionsIn(text: string): Mention[] {
  const people = new Map<string, Mention>();
  for (const [, code, name, id] of text.matchAll(CODE_OR_MENTION)) {
    if (code === undefined && name !== undefined && id !== undefined) people.set(id, { id, name });
  }
  return [...people.values()];
}

/** The text as a person reads it: `@Priya Shah`. */
export const withPlainMentions = (text: string): string =>
  text.replace(CODE_OR_MENTION, (match: string, _code: unknown, name: string | undefined) =>
    name === undefined ? match : `@${name}`,
  );

const EXCERPT_MAX = 140;

/** The beginning of a text on one line, for a notice; never cut within a character. */
export function excerptOf(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const characters = [...line];
  return characters.length <= EXCERPT_MAX ? line : `${characters.slice(0, EXCERPT_MAX).join('')}…`;
}
