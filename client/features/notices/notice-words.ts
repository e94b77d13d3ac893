import { z } from 'zod';
import { RULE_WORDS } from '../../../shared/conflict/outcome.ts';
import { FIELDS, type FieldName, isFieldName } from '../../../shared/tickets/fields.ts';
import { fieldValueWords } from '../../ui/conflict-field-value.tsx';

/** Who reads, and the names of the others. */
export interface NoticeReader {
  readonly userId: string;
  nameOf(personId: string): string;
}

const value = z.union([z.string(), z.number(), z.null()]).optional();

/** What the server writes beside a notice; see `server/upload`. Everything may be missing. */
const noticeDetail = z.object({
  field: z.string().optional(),
  actor_id: z.string().optional(),
  reason: z.string().optional(),
  rule: z.string().nullish(),
  conflict_id: z.string().optional(),
  before: value,
  after: value,
  current: value,
  proposed: value,
  resolution: value,
  excerpt: z.string().optional(),
});
type Detail = z.output<typeof noticeDetail>;

/** A notice as a sentence or two. What is not known is left general. */
export function noticeWords(kind: string, source: unknown, reader: NoticeReader): string {
  const parsed = noticeDetail.safeParse(source);
  const detail = parsed.success ? parsed.data : {};
  const words = createWords(detail, reader);
  switch (kind) {
    case 'assigned':
      return `${words.Who} assigned this ticket to you.`;
    case 'mentioned':
      return `${words.Who} mentioned you${placeOf(detail)}${excerptOf(detail)}`;
    case 'rejected':
      return `A change of yours was not accepted. ${detail.reason ?? ''}`.trimEnd();
    case 'merged':
      return mergedWords(detail, words);
    case 'overridden':
      return overriddenWords(detail, words);
    case 'review':
      return detail.field === 'description' ? overlapWords(words) : reviewWords(detail, words);
    default:
      return `There is news about ${words.what}.`;
  }
}

type Words = ReturnType<typeof createWords>;

function createWords({ field, actor_id }: Detail, reader: NoticeReader) {
  const known = field !== undefined && isFieldName(field) ? field : undefined;
  const who = actor_id === undefined ? 'somebody' : reader.nameOf(actor_id);
  return {
    what: whatWords(field, known),
    Who: who.charAt(0).toUpperCase() + who.slice(1),
    /** The notice is about something the reader did themself. */
    isOwn: actor_id === reader.userId,
    value: (shown: string | number | null | undefined) =>
      known
        ? fieldValueWords({ field: known, value: shown ?? null }, reader.nameOf)
        : String(shown ?? 'nothing'),
  };
}

function whatWords(field: string | undefined, known: FieldName | undefined): string {
  if (known) return `the ${FIELDS[known].label.toLowerCase()}`;
  return field === 'description' ? 'the description' : 'this ticket';
}

function mergedWords({ resolution }: Detail, { what, Who, value }: Words): string {
  if (resolution === undefined) return `Your change of ${what} was merged with one by ${Who}.`;
  return `${Who} took your value for ${what}: ${value(resolution)}.`;
}

function overriddenWords(detail: Detail, { what, Who, isOwn, value }: Words): string {
  const { current, proposed, before, after, resolution, conflict_id } = detail;
  if (conflict_id !== undefined) {
    if (isOwn) return `Your answer about ${what} came after somebody else’s: ${value(current)} stands.`;
    return `${Who} decided about ${what}: ${value(resolution)}, not ${value(proposed)} as you proposed.`;
  }
  const why = ruleWords(detail);
  if (isOwn) return `Kept ${value(current)} as ${what}${why}. Your ${value(proposed)} is in the activity.`;
  if (after === undefined) return `${Who} changed ${what} after you, without having seen your value.`;
  return `${Who} set ${what} to ${value(after)} without having seen your ${value(before)}${why}.`;
}

function reviewWords({ current, proposed, resolution }: Detail, { what, Who, isOwn, value }: Words): string {
  if (resolution !== undefined) {
    return `After your answer ${what} was changed again, to ${value(current)}. Choose once more.`;
  }
  if (isOwn) {
    return `You set ${what} to ${value(proposed)}, and meanwhile it became ${value(current)}. Choose between the two.`;
  }
  return `${Who} set ${what} to ${value(proposed)} without having seen ${value(current)}. Choose between the two.`;
}

/** Words of a description have no two values to name: both are in the review. */
const overlapWords = ({ Who, isOwn }: Words): string =>
  isOwn
    ? 'You changed the same words of the description on two devices while they were apart. See what shall stand.'
    : `${Who} and you changed the same words of the description while apart. See what shall stand.`;

function ruleWords({ rule }: Detail): string {
  const named = Object.entries(RULE_WORDS).find(([name]) => name === rule);
  return named ? `: ${named[1]}` : '';
}

const placeOf = ({ field }: Detail): string => (field === 'description' ? ' in the description' : '');

function excerptOf({ excerpt }: Detail): string {
  return excerpt === undefined ? '.' : `: “${excerpt}”`;
}
