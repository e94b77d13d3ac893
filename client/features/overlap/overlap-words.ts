import type { OverlapChoice } from '../../../shared/protocol/overlaps.ts';
import type { OverlapBlock, OverlapReview } from '../../local-db/overlap-rows.ts';

/** Names of people, as this reader is to read them. */
export interface Names {
  readonly userId: string;
  readonly nameOf: (id: string) => string;
}

type People = Pick<OverlapReview, 'authorId' | 'theirAuthorIds'>;

/** "Priya Raman" or "you"; several as "Jonas Lind and Mira Okafor". */
export const author = ({ authorId }: People, names: Names): string => called(authorId, names);

export function others({ theirAuthorIds, authorId }: People, names: Names): string {
  const ids = theirAuthorIds.length > 0 ? theirAuthorIds : [authorId];
  const all = ids.map((id) => called(id, names));
  const last = all.pop() ?? '';
  return all.length > 0 ? `${all.join(', ')} and ${last}` : last;
}

/** What the two sides are called for this reader: their own is "Yours", whoever was the one offline. */
export function sideWords(people: People, names: Names): { readonly theirs: string; readonly yours: string } {
  const { authorId, theirAuthorIds } = people;
  if (authorId === names.userId && theirAuthorIds.includes(authorId))
    return { theirs: 'Online', yours: 'Offline' };
  if (authorId === names.userId) return { theirs: 'Theirs', yours: 'Yours' };
  if (theirAuthorIds.includes(names.userId)) return { theirs: 'Yours', yours: 'Theirs' };
  return { theirs: capital(others(people, names)), yours: capital(author(people, names)) };
}

export function questionWords(review: OverlapReview, names: Names): string {
  const one = capital(author(review, names));
  const blocks = review.blocks.length === 1 ? 'a block' : `${review.blocks.length} blocks`;
  const isSame = review.theirAuthorIds.every((id) => id === review.authorId);
  if (isSame) return `${one} changed ${blocks} of the description on two devices while they were apart.`;
  return `${one}, offline, and ${others(review, names)} changed ${blocks} of the description while apart.`;
}

/** What is odd about a block, where it is not simply changed on both sides. */
export function blockWords({ kind }: OverlapBlock, review: OverlapReview, names: Names): string | null {
  const [one, other] = [author(review, names), others(review, names)];
  if (kind === 'deleted-by-them') return `${capital(other)} deleted this block; ${one} changed it.`;
  if (kind === 'deleted-by-you') return `${capital(one)} deleted this block; ${other} changed it.`;
  return null;
}

/** How a settled review ended, in one sentence. */
export function settledWords(review: OverlapReview, names: Names): string {
  const who = review.resolvedBy === null ? 'You' : capital(called(review.resolvedBy, names));
  const choices = new Set((review.resolution ?? []).map(({ choice }) => choice));
  const [only] = choices;
  if (choices.size !== 1 || only === undefined) return `${who} settled each block in its own way.`;
  return `${who} ${CHOICE_WORDS[only](review, names)}.`;
}

const CHOICE_WORDS: Readonly<Record<OverlapChoice, (review: People, names: Names) => string>> = {
  merge: () => 'kept the merge',
  theirs: (review, names) => `took what ${others(review, names)} wrote`,
  yours: (review, names) => `took what ${author(review, names)} wrote`,
  edited: () => 'wrote it anew from both',
};

const called = (id: string, { userId, nameOf }: Names): string => (id === userId ? 'you' : nameOf(id));

const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);
