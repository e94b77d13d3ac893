import type { JSONContent } from '@tiptap/core';
import { describe, expect, it } from 'vitest';
import { markdownToDocument } from '../../shared/description/markdown.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { wordOrigins } from '../../shared/description/word-origins.ts';

const BASE = 'The ferry leaves at nine.';

/** Each marked stretch of a merge with whose it is. */
function origins(merged: string, theirs: string, yours: string, base = BASE): [string, string][] {
  const document: JSONContent = markdownToDocument(merged);
  const sides = {
    base: markdownToDocument(base),
    theirs: markdownToDocument(theirs),
    yours: markdownToDocument(yours),
  };
  const node = documentSchema.nodeFromJSON(document);
  return wordOrigins(document, sides).map(({ from, to, origin }) => [
    node.textBetween(from, to, '|', (leaf) => leaf.type.name).trim(),
    origin,
  ]);
}

describe('whose words a merge has (D11)', () => {
  it('tells the sides apart, and leaves the base alone', () => {
    expect(
      origins(`${BASE} From pier two. Bring a coat.`, `${BASE} From pier two.`, `${BASE} Bring a coat.`),
    ).toEqual([
      ['From pier two.', 'theirs'],
      ['Bring a coat.', 'yours'],
    ]);
  });

  it('names words that both wrote, and those that neither did', () => {
    const [theirs, yours] = ['The ferry leaves at ten, sharp.', 'The ferry leaves at noon, sharp.'];
    expect(origins('The ferry leaves at tnoonen, sharp.', theirs, yours)).toEqual([
      ['tnoonen', 'neither'],
      [', sharp', 'both'],
    ]);
  });

  it('finds its place in lists, tables and beside images', () => {
    const base = '- one\n- two';
    expect(
      origins('- one ![pier](https://example.test/a.png)\n- two more', base, '- one\n- two more', base),
    ).toEqual([
      ['image', 'neither'],
      ['more', 'yours'],
    ]);
    const table = (cell: string) => `| a | b |\n| - | - |\n| 1 | ${cell} |`;
    expect(origins(table('two words'), table('two words'), table('two'), table('two'))).toEqual([
      ['words', 'theirs'],
    ]);
  });
});
