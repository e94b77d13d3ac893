/** A mention in a comment's text: `@[Priya Shah](person:<profile id>)`. */
const MENTION = /@\[([^[\]\n]{1,200})\]\(person:([^()\s]{1,200})\)/g;
/** What stands in code is quoted, not said: it mentions nobody. */
const CODE = /```[\s\S]*?```|`[^`\n]+`/g;

export interface Mention {
  readonly id: string;
  readonly name: string;
}

/** The form a mention has in a text; characters of a name that would end it early are left out. */
export const mentionOf = ({ id, name }: Mention): string =>
  `@[${name.replace(/[[\]\n]/g, '')}](person:${id})`;

/** Everybody a text mentions, each once. */
export function mentionsIn(text: string): Mention[] {
  const found = [...text.replace(CODE, '').matchAll(MENTION)].map(([, name = '', id = '']) => ({ id, name }));
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

/** The text as a person reads it: `@Priya Shah`. */
export const withPlainMentions = (text: string): string => text.replace(MENTION, '@$1');
