import { describe, expect, it } from 'vitest';
import { commentParts } from '../../client/features/ticket/comment-parts.ts';
import {
  bodyOf,
  draftOf,
  openMentionAt,
  suggestionsFor,
  withMention,
} from '../../client/features/ticket/mention-draft.ts';

const ANN = { id: 'a', name: 'Ann' };
const LEE = { id: 'l', name: 'Ann Lee' };
const PRIYA = { id: 'p', name: 'Priya Shah' };

describe('a comment that mentions people', () => {
  it('is stored with whom it means, and shows names while it is written', () => {
    const body = 'Ask @[Ann Lee](person:l), not @[Ann](person:a); `@[Ann](person:a)` is code';
    const draft = draftOf(body);
    expect(draft.text).toBe('Ask @Ann Lee, not @Ann; `@[Ann](person:a)` is code');
    expect(bodyOf(draft)).toBe(body);
  });

  it('takes only those for meant who were chosen', () => {
    expect(bodyOf({ text: '@Ann and @Anna and @Priya Shah', chosen: [ANN] })).toBe(
      '@[Ann](person:a) and @Anna and @Priya Shah',
    );
  });

  it('finds the mention at the caret, and nobody in an address', () => {
    expect(openMentionAt('Hi @Pri', 7)).toEqual({ start: 3, query: 'Pri' });
    expect(openMentionAt('Hi @Priya Sh', 12)).toEqual({ start: 3, query: 'Priya Sh' });
    expect(openMentionAt('@', 1)).toEqual({ start: 0, query: '' });
    expect(openMentionAt('mail me@home', 12)).toBeNull();
  });

  it('offers people by any word of their name', () => {
    expect(suggestionsFor([ANN, LEE, PRIYA], 'sh')).toEqual([PRIYA]);
    expect(suggestionsFor([ANN, LEE, PRIYA], 'ann')).toEqual([ANN, LEE]);
    expect(suggestionsFor([ANN, LEE, PRIYA], '')).toHaveLength(3);
  });

  it('puts the chosen name in place of what was typed', () => {
    const start = { text: 'Ask @pri now', chosen: [] };
    expect(withMention(start, { start: 4, query: 'pri' }, PRIYA)).toEqual({
      draft: { text: 'Ask @Priya Shah now', chosen: [PRIYA] },
      caret: 16,
    });
  });

  it('is read as a name', () => {
    expect(commentParts('Ask @[Priya Shah](person:p)!')).toEqual([
      { kind: 'text', text: 'Ask ' },
      { kind: 'mention', text: '@Priya Shah', personId: 'p' },
      { kind: 'text', text: '!' },
    ]);
  });
});
