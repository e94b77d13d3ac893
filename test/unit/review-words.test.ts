import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../client/features/review/batches.ts';
import {
  answerWords,
  askedNow,
  decisionWords,
  deviceWords,
  endingWords,
  offlineWords,
  questionWords,
  reopenedWords,
} from '../../client/features/review/conflict-words.ts';
import {
  parseReviewSearch,
  toReviewFilter,
  toReviewSearch,
} from '../../client/features/review/review-search.ts';
import { answerWrite } from '../../client/local-db/conflict-answer.ts';
import { type Conflict, conflictRow, readConflict } from '../../client/local-db/conflict-rows.ts';

const NAMES: Readonly<Record<string, string>> = {
  jonas: 'Jonas Lind',
  priya: 'Priya Raman',
  mira: 'Mira Okafor',
};
const reader = { userId: 'mira', deviceId: 'desk', nameOf: (id: string) => NAMES[id] ?? 'somebody' };

const conflict = (changes: Partial<Conflict> = {}): Conflict => ({
  id: 'c1',
  projectId: 'p1',
  ticketId: 't1',
  kind: 'field',
  field: 'due_on',
  base: null,
  current: '2026-03-12',
  proposed: '2026-03-14',
  authorId: 'priya',
  deviceId: 'tablet-of-priya',
  currentAuthorId: 'jonas',
  state: 'open',
  answer: null,
  madeAt: null,
  offlineSince: null,
  openedAt: '2026-03-01T10:00:00Z',
  ...changes,
});

describe('the words of a conflict', () => {
  it('says who set the field apart from whom, and "you" for who reads', () => {
    expect(questionWords(conflict(), undefined, reader)).toBe(
      'Jonas Lind and Priya Raman both set the due date, apart.',
    );
    expect(questionWords(conflict({ authorId: 'mira' }), undefined, reader)).toBe(
      'You and Jonas Lind both set the due date, apart.',
    );
    expect(questionWords(conflict({ authorId: 'jonas' }), undefined, reader)).toBe(
      'Jonas Lind set the due date on two devices, apart.',
    );
  });

  it('offers to restore a deleted ticket with the edit, until it is back (C11)', () => {
    const deleted = conflict({ kind: 'deleted' });
    const inTrash = { deleted_at: '2026-03-01T10:00:00Z' };
    expect(decisionWords(askedNow(deleted, inTrash), reader)).toMatchObject({
      keep: 'Let the edit go',
      take: 'Restore the ticket with 14 Mar 2026',
    });
    expect(decisionWords(askedNow(deleted, { deleted_at: null }), reader)).toMatchObject({
      keep: 'Keep 12 Mar 2026',
      take: 'Take 14 Mar 2026',
    });
    expect(questionWords(deleted, { deleted_at: null }, reader)).toContain('It is back by now.');
  });

  it('says what was decided: kept, taken, or another value', () => {
    const decided = (value: string | null) =>
      answerWords(conflict(), { value, seeing: '2026-03-12', by: 'jonas' }, reader);
    expect(decided('2026-03-12')).toBe('Jonas Lind kept 12 Mar 2026.');
    expect(decided('2026-03-14')).toBe('Jonas Lind took the proposal: 14 Mar 2026.');
    expect(decided(null)).toBe('Jonas Lind chose another value: no due date.');
  });

  it('keeps an earlier answer visible on a conflict that is open again (C12)', () => {
    const answer = { value: '2026-03-14', seeing: '2026-03-12', by: 'mira', at: '2026-03-02T10:00:00Z' };
    expect(reopenedWords(conflict({ current: '2026-03-20', answer }), reader)).toBe(
      'You took the proposal: 14 Mar 2026. The due date was changed again before that arrived, so the question is open again.',
    );
    expect(reopenedWords(conflict({ kind: 'deleted', answer }), reader)).toContain('went to the trash');
    expect(reopenedWords(conflict(), reader)).toBeNull();
  });

  it('says why a superseded conflict asks nothing any more (C3, C12)', () => {
    expect(endingWords(conflict({ state: 'superseded', current: '2026-03-14' }), reader)).toBe(
      'Nothing left to decide: the due date is 14 Mar 2026 by now.',
    );
    expect(endingWords(conflict({ state: 'superseded' }), reader)).toBe(
      'Nothing left to decide: Priya Raman changed the due date again.',
    );
  });

  it('tells devices apart, and names the day only when it is not today', () => {
    expect(deviceWords('mira', 'desk', reader)).toBe('on this device');
    expect(deviceWords('mira', 'phone', reader)).toBe('on another device of yours');
    expect(deviceWords('priya', 'ab12cd34', reader)).toBe('on device ab12');
    expect(deviceWords('priya', null, reader)).toBeNull();
    const since = new Date(2026, 2, 1, 14, 5).getTime();
    expect(offlineWords(since, new Date(2026, 2, 1, 18).getTime())).toBe('offline since 14:05');
    expect(offlineWords(since, new Date(2026, 2, 2, 9).getTime())).toBe('offline since 1 Mar, 14:05');
  });
});

describe('an answer', () => {
  const row = conflictRow.parse({ id: 'c1', field: 'due_on', current: '"2026-03-12"' });

  it('carries its value and the current value its author saw, as JSON, and no other column (C12)', () => {
    expect(answerWrite(row, { value: null, seeing: '2026-03-12' })).toEqual({
      kind: 'update',
      table: 'conflicts',
      id: 'c1',
      values: { state: 'resolved', resolution: 'null', resolved_seeing: '"2026-03-12"' },
    });
  });

  it('is said in full also when it equals the answer before, as only changed columns are sent (C12)', () => {
    const before = { ...row, resolution: '"2026-03-14"', resolved_seeing: '"2026-03-12"' };
    const { values } = { values: {}, ...answerWrite(before, { value: '2026-03-14', seeing: '2026-03-12' }) };
    const texts = Object.entries(values).filter(([name]) => name !== 'state');
    expect(texts.map(([, json]) => JSON.parse(String(json)))).toEqual(['2026-03-14', '2026-03-12']);
    expect(texts.map(([, json]) => json)).not.toContain('"2026-03-14"');
  });

  it('reads values of any form from the local row, and leaves out fields it does not know', () => {
    expect(readConflict(row)).toMatchObject({ current: '2026-03-12', base: null, answer: null });
    const answered = readConflict({ ...row, resolution: 'null', state: 'resolved' });
    expect(answered?.answer).toEqual({ value: null, seeing: null, by: null, at: null });
    expect(readConflict({ ...row, field: 'colour' })).toBeNull();
  });
});

describe('the review panel', () => {
  it('groups what one person wrote on one device in one stretch apart', () => {
    const item = (id: string, changes: Partial<Conflict>) => ({ conflict: conflict({ id, ...changes }) });
    const batches = batchesOf([
      item('a', { offlineSince: 'x' }),
      item('b', { authorId: 'jonas' }),
      item('c', { offlineSince: 'x' }),
    ]);
    expect(batches.map(({ items }) => items.map(({ conflict: one }) => one.id))).toEqual([['a', 'c'], ['b']]);
  });

  it('has one address for one filter, and opens old and odd ones', () => {
    const filter = { tab: 'resolved', projectKey: 'DEMO', field: 'due_on', mine: true } as const;
    expect(toReviewFilter(toReviewSearch(filter))).toEqual(filter);
    expect(toReviewSearch({ tab: 'open', projectKey: null, field: null, mine: false })).toEqual({});
    expect(parseReviewSearch({ tab: 'x', field: 'colour', mine: 1, project: '' })).toEqual({});
    expect(parseReviewSearch({ field: 'description' })).toEqual({ field: 'description' });
  });
});
