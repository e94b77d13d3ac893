import type { JSONContent } from '@tiptap/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, joined } from '../../shared/description/canonical.ts';
import { countChanges, diffDocuments } from '../../shared/description/diff.ts';
import { CHANGE, comparisonSchema } from '../../shared/description/diff-schema.ts';
import { markdownToDocument } from '../../shared/description/markdown.ts';

/** The comparison in one line: [-removed-], {+added+}, and ! before a block of another form. */
function shown(node: JSONContent): string {
  const kind = node.marks?.find((mark) => mark.type === CHANGE)?.attrs?.kind;
  const words = node.text ?? (node.content ?? []).map(shown).join(node.type === 'doc' ? ' | ' : '');
  if (kind === 'added') return `{+${words}+}`;
  if (kind === 'removed') return `[-${words}-]`;
  return node.attrs?.[CHANGE] === 'changed' ? `!${words}` : words;
}

const compare = (before: string, after: string) =>
  diffDocuments(markdownToDocument(before), markdownToDocument(after));

/** One side of a comparison: all but what the other side has alone. */
function side(node: JSONContent, without: 'added' | 'removed'): JSONContent {
  const isGone = (one: JSONContent) =>
    one.attrs?.[CHANGE] === without ||
    one.marks?.some((mark) => mark.type === CHANGE && mark.attrs?.kind === without);
  const { [CHANGE]: _change, ...attrs } = node.attrs ?? {};
  const marks = node.marks?.filter((mark) => mark.type !== CHANGE);
  const content = joined((node.content ?? []).filter((one) => !isGone(one)).map((one) => side(one, without)));
  return { ...node, attrs, ...(marks && { marks }), ...(node.content && { content }) };
}

describe('two documents compared (D13)', () => {
  it('marks words within a paragraph, and leaves the rest alone', () => {
    expect(shown(compare('The ferry leaves at nine.', 'The ferry leaves at ten, sharp.'))).toBe(
      'The ferry leaves at [-nine-]{+ten, sharp+}.',
    );
  });

  it('shows a phrase in the place of another whole, not cut up by its spaces', () => {
    expect(
      shown(compare('The ferry leaves every day of a week.', 'The ferry leaves on Sundays only from here.')),
    ).toBe('The ferry leaves [-every day of a week-]{+on Sundays only from here+}.');
  });

  it('marks whole paragraphs that came or went', () => {
    expect(shown(compare('one\n\ntwo\n\nthree', 'one\n\nthree\n\nfour'))).toBe(
      'one | [-two-] | three | {+four+}',
    );
  });

  it('looks into lists and tables', () => {
    expect(shown(compare('- buy milk\n- buy bread', '- buy milk now\n- buy bread'))).toBe(
      'buy milk{+ now+}buy bread',
    );
    expect(
      shown(compare('| a | b |\n| - | - |\n| same here | d |', '| a | b |\n| - | - |\n| same there | d |')),
    ).toBe('absame [-here-]{+there+}d');
  });

  it('says when a block is of another form, and when words are', () => {
    expect(shown(compare('Title here', '# Title here'))).toBe('!Title here');
    expect(shown(compare('a word', 'a **word**'))).toBe('a [-word-]{+word+}');
  });

  it('counts words', () => {
    expect(countChanges(compare('one two three', 'one four five three'))).toEqual({
      added: 2,
      removed: 1,
      changed: 0,
    });
    expect(countChanges(compare('same', 'same'))).toEqual({ added: 0, removed: 0, changed: 0 });
  });

  it('holds both documents whole, whatever they are, and can be shown', () => {
    const line = fc.stringMatching(/^(- |# |1\. )?[a-c]{1,2}( [a-c]{1,2}){0,4}$/);
    const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [one, other] = [markdownToDocument(before), markdownToDocument(after)];
        const compared = diffDocuments(one, other);
        const words = (node: JSONContent): string => node.text ?? (node.content ?? []).map(words).join('');
        expect(words(side(compared, 'removed'))).toBe(words(other));
        expect(words(side(compared, 'added'))).toBe(words(one));
        expect(() => comparisonSchema.nodeFromJSON(compared)).not.toThrow();
        expect(canonical(diffDocuments(one, one))).toBe(canonical(one));
      }),
      { numRuns: 100 },
    );
  });
});
