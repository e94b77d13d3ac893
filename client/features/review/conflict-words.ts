import { FIELDS, type FieldValue } from '../../../shared/tickets/fields.ts';
import type { Conflict, ConflictAnswer } from '../../local-db/conflict-rows.ts';
import { fieldValueWords } from '../../ui/conflict-field-value.tsx';

/** Who reads the sentences: what is theirs is said as "you" and "this device". */
export interface Reader {
  readonly userId: string;
  /** Undefined until known. */
  readonly deviceId: string | undefined;
  nameOf(personId: string): string;
}

/** What matters here of the ticket a conflict is about. */
interface TicketPlace {
  /** Null unless it is in the trash. */
  readonly deleted_at: string | null;
}

/**
 * The question as it stands now: once the ticket is back from the trash, by whatever way, only its value is left to
 * decide. `ticket` is undefined until it has arrived on this device.
 */
export const askedNow = (conflict: Conflict, ticket: TicketPlace | undefined): Conflict =>
  isBack(conflict, ticket) ? { ...conflict, kind: 'field' } : conflict;

/** What happened, in one sentence. */
export function questionWords(conflict: Conflict, ticket: TicketPlace | undefined, reader: Reader): string {
  const { authorId, currentAuthorId } = conflict;
  const label = labelOf(conflict);
  const author = person(authorId, reader);
  if (isBack(conflict, ticket)) {
    return capital(`${author} changed the ${label} while this ticket was in the trash. It is back by now.`);
  }
  if (conflict.kind === 'deleted') {
    return capital(`${author} changed the ${label}, and this ticket is in the trash.`);
  }
  if (currentAuthorId === null)
    return capital(`${author} changed the ${label} without seeing what is set now.`);
  if (currentAuthorId === authorId) return capital(`${author} set the ${label} on two devices, apart.`);
  const [first, second] =
    authorId === reader.userId ? [authorId, currentAuthorId] : [currentAuthorId, authorId];
  return capital(`${person(first, reader)} and ${person(second, reader)} both set the ${label}, apart.`);
}

/** A ticket was in the trash when the edit arrived, and is not any more. */
export const isBack = (conflict: Conflict, ticket: TicketPlace | undefined): boolean =>
  conflict.kind === 'deleted' && ticket?.deleted_at === null;

/** What each of the three decisions comes to, as the button says it. */
export interface DecisionWords {
  readonly keep: string;
  readonly take: string;
  readonly other: string;
}

export function decisionWords(conflict: Conflict, reader: Reader): DecisionWords {
  const proposed = valueWords(conflict, conflict.proposed, reader);
  if (conflict.kind === 'deleted') {
    return {
      keep: 'Let the edit go',
      take: `Restore the ticket with ${proposed}`,
      other: 'Restore with another value…',
    };
  }
  const current = valueWords(conflict, conflict.current, reader);
  return { keep: `Keep ${current}`, take: `Take ${proposed}`, other: 'Another value…' };
}

/** What was decided: "You took the proposal: 14 Mar 2026." */
export function answerWords(
  conflict: Conflict,
  { value, seeing, by }: Pick<ConflictAnswer, 'value' | 'seeing' | 'by'>,
  reader: Reader,
): string {
  const who = capital(person(by ?? reader.userId, reader));
  const shown = valueWords(conflict, value, reader);
  if (conflict.kind === 'deleted') {
    return value === seeing ? `${who} let the edit go.` : `${who} restored the ticket with ${shown}.`;
  }
  if (value === seeing) return `${who} kept ${shown}.`;
  if (value === conflict.proposed) return `${who} took the proposal: ${shown}.`;
  return `${who} chose another value: ${shown}.`;
}

/** How a conflict that is no longer open ended. */
export function endingWords(conflict: Conflict, reader: Reader): string {
  if (conflict.state === 'resolved' && conflict.answer) {
    return answerWords(conflict, conflict.answer, reader);
  }
  const label = labelOf(conflict);
  if (conflict.current === conflict.proposed) {
    return `Nothing left to decide: the ${label} is ${valueWords(conflict, conflict.proposed, reader)} by now.`;
  }
  const author = person(conflict.authorId, reader);
  return `Nothing left to decide: ${author} changed the ${label} again.`;
}

/** Why an open conflict has an answer already (C12); null when it has none. */
export function reopenedWords(conflict: Conflict, reader: Reader): string | null {
  const { answer } = conflict;
  if (conflict.state !== 'open' || answer === null) return null;
  const since =
    conflict.kind === 'deleted' && answer.seeing === conflict.current
      ? 'The ticket went to the trash before that arrived'
      : `The ${labelOf(conflict)} was changed again before that arrived`;
  return `${answerWords({ ...conflict, kind: 'field' }, answer, reader)} ${since}, so the question is open again.`;
}

/** "on this device", "on another device of yours", "on device 7c1e"; null when it is not known. */
export function deviceWords(by: string, deviceId: string | null, reader: Reader): string | null {
  if (deviceId === null || deviceId === '') return null;
  if (deviceId === reader.deviceId) return 'on this device';
  if (by === reader.userId) return 'on another device of yours';
  return `on device ${deviceId.slice(0, SHORT_ID)}`;
}

/** "offline since 14:05", with the day when it is not today's. Both in ms. */
export function offlineWords(since: number, now: number): string {
  const [day, today] = [new Date(since), new Date(now)];
  const clock = day.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (day.toDateString() === today.toDateString()) return `offline since ${clock}`;
  const date = day.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `offline since ${date}, ${clock}`;
}

export const valueWords = ({ field }: Conflict, value: FieldValue, reader: Reader): string =>
  field === 'title' && value !== null ? `“${value}”` : fieldValueWords({ field, value }, reader.nameOf);

export const labelOf = ({ field }: Conflict): string => FIELDS[field].label.toLowerCase();

export const person = (id: string, reader: Reader): string =>
  id === reader.userId ? 'you' : reader.nameOf(id);

export const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

const SHORT_ID = 4;
