import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commentParts } from '../../client/features/ticket/comment-parts.ts';

describe('the parts of a comment', () => {
  it('tells code, blocks and links from words', () => {
    expect(commentParts('Set `a` as in\n```ts\nconst b = 1;\n```\nsee https://example.org/x.')).toEqual([
      { kind: 'text', text: 'Set ' },
      { kind: 'code', text: 'a' },
      { kind: 'text', text: ' as in\n' },
      { kind: 'block', text: 'const b = 1;' },
      { kind: 'text', text: '\nsee ' },
      { kind: 'link', text: 'https://example.org/x', url: 'https://example.org/x' },
      { kind: 'text', text: '.' },
    ]);
  });

  it('shows the words of a Markdown link', () => {
    expect(commentParts('[here](https://example.org)')).toEqual([
      { kind: 'link', text: 'here', url: 'https://example.org' },
    ]);
  });

  it('makes no link of anything but http and https', () => {
    const parts = commentParts('[x](javascript:alert(1)) data:text/html,x ftp://example.org');
    expect(parts.every((part) => part.kind === 'text')).toBe(true);
  });

  it('loses no words of a comment without marks, and never gives an empty text', () => {
    fc.assert(
      fc.property(fc.string(), (body) => {
        const parts = commentParts(body);
        expect(parts.filter((part) => part.kind === 'text').every((part) => part.text !== '')).toBe(true);
        if (parts.every((part) => part.kind === 'text')) {
          expect(parts.map((part) => part.text).join('')).toBe(body);
        }
      }),
    );
  });
});
