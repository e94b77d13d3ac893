import type { VersionEntry, VersionKind } from '../../../shared/protocol/versions.ts';
import { exactTime } from '../../ui/time-words.ts';

/** What a version is, where it is not simply what people wrote. `who` is the first of its people. */
const KIND_WORDS: Readonly<Record<VersionKind, (who: string) => string | null>> = {
  session: () => null,
  'before-merge': (who) => `Before ${who}’s offline edits came in`,
  base: (who) => `What ${who} had last seen before going offline`,
  yours: (who) => `${who}’s copy, written offline`,
  merged: () => 'Both copies merged, before the overlap was settled',
  'before-restore': (who) => `Before ${who} restored an older version`,
};

export function kindWords({ kind, authors }: VersionEntry, nameOf: (id: string) => string): string | null {
  const [first] = authors;
  return KIND_WORDS[kind](first ? nameOf(first.id) : 'somebody');
}

export const peopleWords = ({ authors }: VersionEntry, nameOf: (id: string) => string): string =>
  authors.map(({ id }) => nameOf(id)).join(', ');

/** "12 Mar 2026, 14:05", as `time-words.ts` writes moments. */
export const momentWords = ({ ended_at }: VersionEntry): string => exactTime(Date.parse(ended_at));
