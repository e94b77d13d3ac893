/** Text as every store takes it: line ends of one kind, no NUL (Postgres) and no half surrogate pairs (UTF-8). */
export function wellFormed(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\p{Surrogate}\0]/gu, '\uFFFD');
}

/** The text in an attribute. Programs write attributes of any kind into Yjs; what is no text says nothing. */
export const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');
