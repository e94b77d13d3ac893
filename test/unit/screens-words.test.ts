import { describe, expect, it } from 'vitest';
import { type ActivityEntry, activityWords } from '../../client/features/ticket/activity-words.ts';
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

describe('activity in words', () => {
  const names = {
    person: (id: string) => (id === 'u1' ? 'Ada' : 'Someone'),
    label: (id: string) => (id === 'l1' ? 'bug' : id),
  };
  const entry = (over: Partial<ActivityEntry>): ActivityEntry => ({
    subject: 'status',
    action: 'changed',
    before: null,
    after: null,
    outcome: 'applied',
    overwroteId: null,
    ...over,
  });

  it('says a status in words, before and after', () => {
    const words = activityWords(entry({ before: 'todo', after: 'in_progress' }), names);
    expect(words).toEqual({ text: 'changed the status', before: 'To do', after: 'In progress', note: null });
  });

  it('names people instead of their ids', () => {
    const words = activityWords(entry({ subject: 'assignee_id', before: null, after: 'u1' }), names);
    expect(words).toMatchObject({ text: 'changed the assignee', before: 'nobody', after: 'Ada' });
  });

  it('says dates and points as people do', () => {
    const due = activityWords(entry({ subject: 'due_on', before: '2026-01-02', after: null }), names);
    expect(due).toMatchObject({ before: '2 Jan 2026', after: 'no due date' });
    const estimate = activityWords(entry({ subject: 'estimate', before: 1, after: 3 }), names);
    expect(estimate).toMatchObject({ before: '1 point', after: '3 points' });
  });

  it('tells whose value was replaced (C6, C14)', () => {
    const words = activityWords(
      entry({ before: 'todo', after: 'done', outcome: 'merged', overwroteId: 'u1' }),
      names,
    );
    expect(words.note).toBe('Replaced what Ada had set meanwhile.');
  });

  it('names labels whatever form the log holds them in', () => {
    for (const after of ['l1', { label_id: 'l1' }, { name: 'bug' }]) {
      expect(activityWords(entry({ subject: 'label', action: 'added', after }), names).text).toBe(
        'added the label bug',
      );
    }
    const removed = activityWords(entry({ subject: 'label', action: 'removed', before: 'l1' }), names);
    expect(removed.text).toBe('removed the label bug');
  });

  it('shows a value it does not know as it stands', () => {
    expect(activityWords(entry({ before: 'todo', after: 'frozen' }), names).after).toBe('frozen');
  });
});
