import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toJsonb } from '../../server/db/jsonb.ts';

test.each([
  ['a NUL', 'a\0b', 'a\ufffdb'],
  ['half of a pair', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
  ['a whole pair', '\u{1f600}', '\u{1f600}'],
  ['words that look like an escape', '\\u0000 \\\\ud800 "\n', '\\u0000 \\\\ud800 "\n'],
])('%s is written as Postgres takes it', (_name, text, stored) => {
  expect(JSON.parse(toJsonb({ [text]: [text] }))).toEqual({ [stored]: [stored] });
});

test('what Postgres takes as it is stays as it is', () => {
  const storable = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(storable), (texts) => {
      expect(JSON.parse(toJsonb(texts))).toEqual(texts);
    }),
  );
});
