import type { VersionEntry, VersionKind } from '../../../shared/protocol/versions.ts';

/** Those that show what everybody saw at their place in the list; the others show a side of an offline merge. */
const IN_LINE: readonly VersionKind[] = ['session', 'before-restore'];

/**
 * Who wrote what differs between two versions of a list, the newest first, in the order they come in it. Nobody where
 * that cannot be told: one of the two is not in the list, or not what everybody saw.
 *
 * @param olderId Null: from the beginning.
 */
export function writersBetween(
  versions: readonly VersionEntry[],
  newerId: string,
  olderId: string | null,
): string[] {
  const inLine = versions.filter(({ kind }) => IN_LINE.includes(kind));
  const placeOf = (id: string) => inLine.findIndex((version) => version.id === id);
  const [newer, older] = [placeOf(newerId), olderId === null ? inLine.length : placeOf(olderId)];
  if (newer < 0 || older < 0) return [];
  const between = inLine.slice(Math.min(newer, older), Math.max(newer, older));
  const sessions = between.filter(({ kind }) => kind === 'session');
  return [...new Set(sessions.flatMap(({ authors }) => authors.map(({ id }) => id)))];
}
