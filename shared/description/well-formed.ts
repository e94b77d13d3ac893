/** Text as every store takes it: line ends of one kind, no NUL (Postgres) and no half surrogate pairs (UTF-8). */
export function wellFormed(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\p{Surrogate}\0]/gu, '\uFFFD');
}
