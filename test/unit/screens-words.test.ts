import { describe, expect, it } from 'vitest';
import { initialsOf, personColour } from '../../client/ui/person-colour.ts';
import { calendarDay, dueWords, relativeTime } from '../../client/ui/time-words.ts';

const NOW = new Date(2026, 10, 22, 14, 0).getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('relative time', () => {
  it.each([
    [NOW - 20_000, 'just now'],
    [NOW + 30_000, 'just now'],
    [NOW - 5 * MINUTE, '5 min ago'],
    [NOW - 3 * HOUR, '3 h ago'],
    [NOW - 30 * HOUR, 'yesterday'],
    [NOW - 4 * DAY, '4 days ago'],
    [new Date(2026, 2, 12, 9).getTime(), '12 Mar'],
    [new Date(2021, 2, 12, 9).getTime(), '12 Mar 2021'],
  ])('%d is said as %s', (at, words) => {
    expect(relativeTime(at, NOW)).toBe(words);
  });
});

describe('due dates', () => {
  const today = calendarDay(NOW);

  it('counts in calendar days', () => {
    expect(dueWords('2026-11-22', today)).toEqual({ words: 'Today', urgency: 'soon' });
    expect(dueWords('2026-11-23', today).words).toBe('Tomorrow');
    expect(dueWords('2026-11-21', today)).toEqual({ words: '1 day late', urgency: 'overdue' });
    expect(dueWords('2026-11-12', today).words).toBe('10 days late');
  });

  it('names the year only where it is another', () => {
    expect(dueWords('2026-12-24', today).words).toBe('24 Dec');
    expect(dueWords('2027-01-02', today).words).toBe('2 Jan 2027');
  });
});

describe('people', () => {
  it('gives a person the same colour every time, and spreads people over the colours', () => {
    expect(personColour('user-1')).toBe(personColour('user-1'));
    const colours = new Set(Array.from({ length: 40 }, (_, index) => personColour(`user-${index}`)));
    expect(colours.size).toBeGreaterThan(6);
  });

  it.each([
    ['Ada Lovelace', 'AL'],
    ['Ada King Lovelace', 'AL'],
    ['ada', 'A'],
    ['user-12', 'U1'],
    ['élan', 'É'],
    ['', '?'],
  ])('shortens %j to %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});
