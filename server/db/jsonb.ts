/**
 * A value as a `jsonb` column takes it. JSON can carry a NUL or half of a surrogate pair, and so can what people paste
 * or a program writes; Postgres refuses both, and with them the whole statement. In their place stands U+FFFD.
 */
export function toJsonb(value: unknown): string {
  // `JSON.stringify` writes both as escapes; each escape is looked at as a whole, so that `\\u0000` in a text stays.
  return JSON.stringify(value).replace(/\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g, (written, what: string) =>
    what.length > 1 ? '\ufffd' : written,
  );
}
