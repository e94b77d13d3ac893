import { describe, expect, it } from 'vitest';
import { noticeWords } from '../../client/features/notices/notice-words.ts';
import { lostWords, shortWords } from '../../client/features/sync/storage-words.ts';

const NAMES: Readonly<Record<string, string>> = { me: 'Jonas', max: 'Max', ada: 'Ada' };
const reader = { userId: 'me', nameOf: (id: string) => NAMES[id] ?? 'somebody' };

describe('notices in words', () => {
  it.each<[string, string, unknown]>([
    [
      'Max and you changed the same words of the description while apart. See what shall stand.',
      'review',
      { field: 'description', actor_id: 'max', review_id: 'r' },
    ],
    [
      'Kept Done as the status: finished tickets are not reopened by older edits. Your In progress is in the activity.',
      'overridden',
      { field: 'status', actor_id: 'me', rule: 'terminal-wins', current: 'done', proposed: 'in_progress' },
    ],
    [
      'Max set the title to New without having seen your Old.',
      'overridden',
      { field: 'title', actor_id: 'max', rule: 'last-write-wins', before: 'Old', after: 'New' },
    ],
    [
      'Max decided about the assignee: Ada, not Jonas as you proposed.',
      'overridden',
      { field: 'assignee_id', actor_id: 'max', conflict_id: 'c', proposed: 'me', resolution: 'ada' },
    ],
    [
      'Your answer about the assignee came after somebody else’s: Ada stands.',
      'overridden',
      { field: 'assignee_id', actor_id: 'me', conflict_id: 'c', current: 'ada', resolution: 'me' },
    ],
    [
      'Max took your value for the assignee: Ada.',
      'merged',
      { field: 'assignee_id', actor_id: 'max', conflict_id: 'c', resolution: 'ada' },
    ],
    [
      'You set the due date to 2 Jan 2026, and meanwhile it became no due date. Choose between the two.',
      'review',
      { field: 'due_on', actor_id: 'me', conflict_id: 'c', current: null, proposed: '2026-01-02' },
    ],
    [
      'Max set the due date to 2 Jan 2026 without having seen 3 Jan 2026. Choose between the two.',
      'review',
      { field: 'due_on', actor_id: 'max', conflict_id: 'c', current: '2026-01-03', proposed: '2026-01-02' },
    ],
    [
      'After your answer the assignee was changed again, to Ada. Choose once more.',
      'review',
      { field: 'assignee_id', actor_id: 'me', conflict_id: 'c', current: 'ada', resolution: 'max' },
    ],
    [
      'A change of yours was not accepted. You can read, but not change anything.',
      'rejected',
      { reason: 'You can read, but not change anything.' },
    ],
    ['Max assigned this ticket to you.', 'assigned', { field: 'assignee_id', actor_id: 'max' }],
    ['Max mentioned you: “Ask @Jonas first”', 'mentioned', { actor_id: 'max', excerpt: 'Ask @Jonas first' }],
    [
      'Max mentioned you in the description: “Ask @Jonas first”',
      'mentioned',
      { field: 'description', actor_id: 'max', excerpt: 'Ask @Jonas first' },
    ],
    ['Somebody assigned this ticket to you.', 'assigned', { actor_id: 'u2' }],
    ['There is news about this ticket.', 'unheard-of', null],
  ])('%s', (expected, kind, detail) => {
    expect(noticeWords(kind, detail, reader)).toBe(expected);
  });
});

describe('storage in words', () => {
  const dayOf = (iso: string) => iso.slice(0, 10);

  it('says what was lost with the data that a browser cleared', () => {
    const lastSeen = '2026-03-01T10:00:00.000Z';
    expect(lostWords({ lastSeen, unsent: 2 }, dayOf)).toContain(
      '2 changes that had not been sent are lost with it.',
    );
    expect(lostWords({ lastSeen, unsent: 0 }, dayOf)).toContain('Nothing of yours was lost');
  });

  it('says how little room is left', () => {
    expect(shortWords(12_900_000)).toContain('Only 12 MB are left');
    expect(shortWords(-1)).toContain('Only 0 MB are left');
  });
});
