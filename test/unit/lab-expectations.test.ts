import { describe, expect, it } from 'vitest';
import {
  bothAreInTheTrash,
  bothHold,
  bothShow,
  descriptionsAreEqual,
  isTold,
  nothingIsAsked,
  numbersDiffer,
} from '../../client/features/lab/expectations.ts';
import type { Look } from '../../client/features/lab/scenario.ts';
import { outboxRow, ticketRow } from '../../client/local-db/rows.ts';

const ticket = (changes: object = {}) =>
  ticketRow.parse({ id: 't1', number: 1, status: 'todo', priority: 'none', ...changes });

const look = (changes: Partial<Look> = {}): Look => ({
  ticket: ticket(),
  labels: [],
  conflicts: [],
  activity: [],
  answers: [],
  description: '',
  made: [],
  ...changes,
});

const factsOf = (number: number | null) => look({ ticket: ticket({ number }) });

describe('an expectation of the laboratory', () => {
  it('holds only when both devices show it, and else names the device and what it shows', () => {
    const expectation = bothShow('status', 'done');
    const done = look({ ticket: ticket({ status: 'done' }) });
    expect(expectation.seen({ laptop: done, phone: done })).toBeNull();
    expect(expectation.seen({ laptop: done, phone: look() })).toBe('Your phone shows To do.');
    expect(expectation.seen({ laptop: look({ ticket: null }), phone: done })).toBe(
      'Your laptop shows no such ticket.',
    );
  });

  it('takes an answer without a sentence for none', () => {
    const answer = (reason: string | null) =>
      look({
        answers: [outboxRow.parse({ id: '1', op_id: 1, op: 'PATCH', row_id: 't1', outcome: 'kept', reason })],
      });
    const expectation = isTold('phone', 'kept');
    expect(expectation.seen({ laptop: look(), phone: answer('Kept done.') })).toBeNull();
    expect(expectation.seen({ laptop: look(), phone: answer(null) })).not.toBeNull();
    expect(expectation.seen({ laptop: answer('Kept done.'), phone: look() })).not.toBeNull();
  });

  it('finds a text that is there twice as odd as one that is missing', () => {
    const expectation = bothHold(['one', 'two']);
    const right = look({ description: 'one and two' });
    expect(expectation.seen({ laptop: right, phone: right })).toBeNull();
    expect(expectation.seen({ laptop: right, phone: look({ description: 'one' }) })).toContain('Your phone');
    expect(expectation.seen({ laptop: look({ description: 'one two one' }), phone: right })).toContain(
      'laptop',
    );
    expect(descriptionsAreEqual().seen({ laptop: right, phone: look() })).not.toBeNull();
  });

  it('asks for numbers that were given, each once', () => {
    const both = (...numbers: (number | null)[]) => {
      const device = look({ made: numbers.map(factsOf) });
      return numbersDiffer().seen({ laptop: device, phone: device });
    };
    expect(both(2, 3)).toBeNull();
    expect(both(2, 2)).not.toBeNull();
    expect(both(2, null)).not.toBeNull();
  });

  it('is content with devices that have no question, and not with a ticket that is still there', () => {
    const both = { laptop: look(), phone: look() };
    expect(nothingIsAsked().seen(both)).toBeNull();
    expect(bothAreInTheTrash().seen(both)).toBe('Your laptop still shows it. Your phone still shows it.');
  });
});
