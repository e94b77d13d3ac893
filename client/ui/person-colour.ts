/** Hues that stay apart from each other; each pair keeps white initials readable (WCAG AA). */
const COLOURS = [
  '#8a3ffc',
  '#0b6fb8',
  '#0a7a5c',
  '#a2480b',
  '#b3266f',
  '#4d5bd6',
  '#6b6a12',
  '#a3333d',
  '#4b6477',
  '#7a4a9e',
] as const;

/** The same person has the same colour on every device and in every list. */
export function personColour(id: string): string {
  return COLOURS[hash(id) % COLOURS.length] ?? COLOURS[0];
}

/** One or two letters that stand for a name: "Ada Lovelace" → "AL", "user-12" → "U1", "" → "?". */
export function initialsOf(name: string): string {
  const words = name.split(/[\s\-_.@]+/).filter(Boolean);
  const first = [...(words[0] ?? '')][0] ?? '?';
  const second = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + second).toLocaleUpperCase();
}

/** FNV-1a: short, and spreads ids that differ in one character. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
