import type { JSONContent } from '@tiptap/core';
import { describe, expect, it } from 'vitest';
import { blocksOf, documentOf } from '../../client/features/overlap/block-content.ts';
import { questionWords, settledWords, sideWords } from '../../client/features/overlap/overlap-words.ts';
import type { OverlapReview } from '../../client/local-db/overlap-rows.ts';
import { paragraph } from '../support/meetings.ts';

const item = (text: string): JSONContent => ({ type: 'listItem', content: [paragraph(text)] });
const cell = (text: string): JSONContent => ({
  type: 'tableCell',
  attrs: { colspan: 2 },
  content: [paragraph(text)],
});

describe('a block in an editor of its own (D12)', () => {
  it.each([
    ['a paragraph', paragraph('words')],
    ['an item', item('words')],
    ['a cell', cell('words')],
  ])('%s comes back as it went in', (_kind, block) => {
    expect(blocksOf(documentOf([block]), block)).toEqual([block]);
  });

  it('takes paragraphs below an item for further items, and no words for nothing', () => {
    const edited = { type: 'doc', content: [...(documentOf([item('one')]).content ?? []), paragraph('two')] };
    expect(blocksOf(edited, item('one'))).toEqual([item('one'), item('two')]);
    expect(blocksOf(documentOf([]), paragraph('gone'))).toEqual([]);
  });
});

describe('an overlap in words', () => {
  const review: OverlapReview = {
    id: 'r',
    projectId: 'p',
    ticketId: 't',
    authorId: 'priya',
    theirAuthorIds: ['jonas'],
    blocks: [
      {
        id: '1:1',
        kind: 'both-changed',
        base: { type: 'paragraph' },
        theirs: null,
        yours: null,
        merged: null,
        before: [],
      },
    ],
    state: 'open',
    resolution: null,
    resolvedBy: null,
    resolvedAt: null,
    openedAt: '2026-03-01T00:00:00Z',
  };
  const as = (userId: string) => ({ userId, nameOf: (id: string) => (id === 'priya' ? 'Priya' : 'Jonas') });

  it('calls a reader’s own side theirs to keep, and names both for others', () => {
    expect(sideWords(review, as('priya'))).toEqual({ theirs: 'Theirs', yours: 'Yours' });
    expect(sideWords(review, as('jonas'))).toEqual({ theirs: 'Yours', yours: 'Theirs' });
    expect(sideWords(review, as('mira'))).toEqual({ theirs: 'Jonas', yours: 'Priya' });
    expect(questionWords(review, as('jonas'))).toBe(
      'Priya, offline, and you changed a block of the description while apart.',
    );
  });

  it('says who settled it and how', () => {
    const settled: OverlapReview = {
      ...review,
      state: 'resolved',
      resolvedBy: 'jonas',
      resolution: [{ id: '1:1', choice: 'yours', nodes: [] }],
    };
    expect(settledWords(settled, as('priya'))).toBe('Jonas took what you wrote.');
    expect(settledWords({ ...settled, resolvedBy: null }, as('jonas'))).toBe('You took what Priya wrote.');
  });
});
