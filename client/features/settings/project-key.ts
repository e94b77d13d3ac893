const LENGTH = 10;
const SHORT = 4;

/** A key to start from: initials of several words, the beginning of one. "Mobile App" → "MA", "Website" → "WEBS". */
export function keyFor(name: string): string {
  const words = name.toUpperCase().match(/[A-Z][A-Z0-9]*/g) ?? [];
  const [first = ''] = words;
  if (words.length < 2) return first.slice(0, SHORT);
  return words
    .map((word) => word.slice(0, 1))
    .join('')
    .slice(0, LENGTH);
}
