import type { Outcome } from '../../../shared/protocol/upload.ts';
import { type FieldName, type FieldValue, fieldOf } from '../../../shared/tickets/fields.ts';
import type { Conflict } from '../../local-db/conflict-rows.ts';
import { readJson } from '../../local-db/rows.ts';
import { fieldValueWords } from '../../ui/conflict-field-value.tsx';
import { DEVICE_KEYS, DEVICE_WORDS, type DeviceKey } from './device.ts';
import type { Expectation, Look } from './scenario.ts';

/** What a run must have come to; each is judged by what both devices hold, and by nothing else. */

export const bothShow = (field: FieldName, value: FieldValue): Expectation =>
  onBoth(`Both devices show ${lower(field)}: ${say(field, value)}.`, ({ ticket }) => {
    if (!ticket) return 'shows no such ticket';
    return ticket[field] === value ? null : `shows ${say(field, ticket[field])}`;
  });

export const bothHaveLabels = (names: readonly string[]): Expectation => {
  const wanted = [...names].sort().join(', ');
  return onBoth(`Both devices show the labels ${wanted}.`, ({ labels }) => {
    const found = [...labels].sort().join(', ');
    return found === wanted ? null : `shows ${found || 'no labels'}`;
  });
};

export const nothingIsAsked = (): Expectation =>
  onBoth('Nobody has to decide anything.', ({ conflicts }) => {
    const open = conflicts.filter(({ conflict }) => conflict.state === 'open');
    return open.length === 0
      ? null
      : `has a question about ${open.map(({ conflict }) => lower(conflict.field)).join(', ')}`;
  });

type Question = Pick<Conflict, 'kind' | 'field' | 'current' | 'proposed'>;

export function bothAsk(question: Question): Expectation {
  const { field, current, proposed } = question;
  const words =
    question.kind === 'deleted'
      ? `The ${lower(field)} ${say(field, proposed)} waits in Review instead of getting lost with the ticket.`
      : `Both values wait in Review: ${say(field, current)} stands, ${say(field, proposed)} is proposed.`;
  return onBoth(words, ({ conflicts }) =>
    conflicts.some(({ conflict }) => conflict.state === 'open' && asks(conflict, question))
      ? null
      : 'has no such question',
  );
}

const asks = (conflict: Conflict, { kind, field, current, proposed }: Question): boolean =>
  conflict.kind === kind &&
  conflict.field === field &&
  conflict.current === current &&
  conflict.proposed === proposed;

/** The author of an edit that did not simply apply reads why, on the device where it was made. */
export const isTold = (key: DeviceKey, outcome: Outcome): Expectation => ({
  words: `${DEVICE_WORDS[key]} is told why.`,
  seen: (looks) => {
    const told = looks[key].answers.some((answer) => answer.outcome === outcome && answer.reason !== null);
    return told ? null : `${DEVICE_WORDS[key]} has no such answer.`;
  },
});

export const activityKeeps = (field: FieldName, value: FieldValue): Expectation =>
  onBoth(`The activity keeps ${say(field, value)}, and whose it was.`, ({ activity }) =>
    activity.some(
      (entry) =>
        entry.subject === field && [entry.before, entry.after].some((json) => readJson(json) === value),
    )
      ? null
      : 'has no such entry',
  );

export const bothAreInTheTrash = (): Expectation =>
  onBoth('The ticket is in the trash on both devices.', ({ ticket }) =>
    ticket?.deleted_at ? null : 'still shows it',
  );

export const bothHaveTickets = (titles: readonly string[]): Expectation =>
  onBoth(`Both devices have ${titles.map((title) => `“${title}”`).join(' and ')}.`, ({ made }) => {
    const found = made.flatMap(({ ticket }) => (ticket ? [ticket.title] : []));
    const missing = titles.filter((title) => !found.includes(title));
    return missing.length === 0 ? null : `lacks ${missing.join(', ')}`;
  });

export const numbersDiffer = (): Expectation =>
  onBoth('The server gave each of them a number of its own.', ({ made }) => {
    const numbers = made.map(({ ticket }) => ticket?.number ?? null);
    if (numbers.includes(null)) return 'has one without a number';
    return new Set(numbers).size === numbers.length ? null : `shows ${numbers.join(', ')}`;
  });

export const bothHold = (texts: readonly string[]): Expectation =>
  onBoth('Both sentences are there, once each.', ({ description }) => {
    const odd = texts.filter((text) => description.split(text).length !== 2);
    return odd.length === 0 ? null : `shows “${description}”`;
  });

export const descriptionsAreEqual = (): Expectation => ({
  words: 'Both devices show the same text.',
  seen: ({ laptop, phone }) =>
    laptop.description === phone.description
      ? null
      : `Your laptop shows “${laptop.description}”, your phone “${phone.description}”.`,
});

/** `seen` says what is wrong with one device's look: words that follow the device's name. */
function onBoth(words: string, seen: (look: Look) => string | null): Expectation {
  return {
    words,
    seen: (looks) => {
      const faults = DEVICE_KEYS.flatMap((key) => {
        const fault = seen(looks[key]);
        return fault === null ? [] : [`${DEVICE_WORDS[key]} ${fault}.`];
      });
      return faults.length === 0 ? null : faults.join(' ');
    },
  };
}

const lower = (field: FieldName): string => fieldOf(field).label.toLowerCase();
const say = (field: FieldName, value: FieldValue): string => {
  const words = fieldValueWords({ field, value }, () => 'somebody');
  return field === 'title' ? `“${words}”` : words;
};
