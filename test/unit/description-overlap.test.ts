import type { JSONContent } from '@tiptap/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChoices } from '../../shared/description/overlap-choices.ts';
import { plain, unitsOf } from '../../shared/description/overlap-units.ts';
import { copiesOf, documentOf, meet, paragraph, read, textOf, write } from '../support/meetings.ts';

const item = (text: string, ...more: JSONContent[]): JSONContent => ({
  type: 'listItem',
  content: [paragraph(text), ...more],
});
const list = (...content: JSONContent[]): JSONContent => ({ type: 'bulletList', content });
const cell = (text: string): JSONContent => ({ type: 'tableCell', content: [paragraph(text)] });
const table = (...rows: string[][]): JSONContent => ({
  type: 'table',
  content: rows.map((cells) => ({ type: 'tableRow', content: cells.map(cell) })),
});

/** Every text of the document put through `change`. */
const mapText = (node: JSONContent, change: (text: string) => string): JSONContent => ({
  ...node,
  ...(node.text !== undefined && { text: change(node.text) }),
  ...(node.content && { content: node.content.map((child) => mapText(child, change)) }),
});
const replacing = (from: string, to: string) => (node: JSONContent) =>
  mapText(node, (text) => text.replace(from, to));

function edited(
  document: JSONContent,
  theirs: (d: JSONContent) => JSONContent,
  yours: (d: JSONContent) => JSONContent,
) {
  const copies = copiesOf(document);
  write(copies.server, theirs(plain(read(copies.server))));
  write(copies.device, yours(plain(read(copies.device))));
  return { copies, overlaps: meet(copies) };
}

const without =
  (index: number) =>
  (node: JSONContent): JSONContent => ({
    ...node,
    content: (node.content ?? []).toSpliced(index, 1),
  });

describe('D11: an overlap is a unit that both sides changed while apart', () => {
  it('reports a paragraph that both changed, with its four texts', () => {
    const { overlaps } = edited(
      documentOf(paragraph('first line'), paragraph('second line')),
      replacing('first', 'their first'),
      replacing('line', 'line of mine'),
    );
    expect(overlaps).toHaveLength(1);
    const [overlap] = overlaps;
    expect(overlap?.kind).toBe('both-changed');
    expect(textOf(overlap?.base ?? null)).toBe('first line');
    expect(textOf(overlap?.theirs ?? null)).toBe('their first line');
    expect(textOf(overlap?.yours ?? null)).toBe('first line of mine');
    expect(textOf(overlap?.merged ?? null)).toBe('their first line of mine');
  });

  it('does not report different paragraphs', () => {
    const { overlaps } = edited(
      documentOf(paragraph('one'), paragraph('two')),
      replacing('one', 'ONE'),
      replacing('two', 'TWO'),
    );
    expect(overlaps).toEqual([]);
  });

  it('does not report a block that ends equal on both sides', () => {
    const change = replacing('one', 'the very same');
    expect(edited(documentOf(paragraph('one'), paragraph('two')), change, change).overlaps).toEqual([]);
  });

  it.each([
    ['deleted-by-them', without(1), replacing('two', 'two, longer')],
    ['deleted-by-you', replacing('two', 'two, longer'), without(1)],
  ])('reports %s when the other side edited it', (kind, theirs, yours) => {
    const { overlaps } = edited(
      documentOf(paragraph('one'), paragraph('two'), paragraph('three')),
      theirs,
      yours,
    );
    expect(overlaps.map((overlap) => overlap.kind)).toEqual([kind]);
    expect(textOf(overlaps[0]?.base ?? null)).toBe('two');
  });

  it('does not report a block that both deleted, nor what both added in one place', () => {
    const document = documentOf(paragraph('one'), paragraph('two'));
    expect(edited(document, without(0), without(0)).overlaps).toEqual([]);
    const adding = (text: string) => (node: JSONContent) => ({
      ...node,
      content: [...(node.content ?? []), paragraph(text)],
    });
    expect(edited(document, adding('theirs'), adding('yours')).overlaps).toEqual([]);
  });

  it('tells items of one list and cells of one table apart', () => {
    const document = documentOf(list(item('a'), item('b', list(item('c')))), table(['d', 'e'], ['f', 'g']));
    expect(edited(document, replacing('a', 'AA'), replacing('b', 'BB')).overlaps).toEqual([]);
    expect(edited(document, replacing('b', 'BB'), replacing('c', 'CC')).overlaps).toEqual([]);
    expect(edited(document, replacing('d', 'DD'), replacing('e', 'EE')).overlaps).toEqual([]);
    const both = edited(document, replacing('g', 'GG'), replacing('g', 'g again'));
    expect(both.overlaps.map((overlap) => [overlap.base.type, textOf(overlap.base)])).toEqual([
      ['tableCell', 'g'],
    ]);
  });

  it('sees a change of form alone', () => {
    const bold = (node: JSONContent): JSONContent => ({
      ...node,
      content: (node.content ?? []).map((block) => ({
        ...block,
        content: (block.content ?? []).map((text) => ({ ...text, marks: [{ type: 'bold' }] })),
      })),
    });
    expect(edited(documentOf(paragraph('one')), bold, replacing('one', 'one more')).overlaps).toHaveLength(1);
    expect(edited(documentOf(paragraph('one')), bold, bold).overlaps).toEqual([]);
  });
});

type Act =
  | { kind: 'edit' | 'delete'; at: number; word: string }
  | { kind: 'insert'; at: number; word: string };

const acts = fc.array(
  fc.record({
    kind: fc.constantFrom('edit' as const, 'edit' as const, 'delete' as const, 'insert' as const),
    at: fc.nat(7),
    word: fc.stringMatching(/^[a-z]{1,6}$/),
  }),
  { maxLength: 6 },
);

/** Acts on the paragraphs that began as `p<n>`, one edit at a time, and says which of them changed how. */
function perform(
  copy: Parameters<typeof read>[0],
  side: string,
  todo: readonly Act[],
): Map<number, string | null> {
  const outcome = new Map<number, string | null>();
  for (const { kind, at, word } of todo) {
    const document = plain(read(copy));
    const blocks = document.content ?? [];
    const index = blocks.findIndex((block) => textOf(block).startsWith(`p${at} `));
    if (index < 0) continue;
    if (kind === 'insert') {
      write(copy, { ...document, content: blocks.toSpliced(index, 0, paragraph(`new ${side} ${word}`)) });
    } else {
      const text = kind === 'edit' ? `${textOf(blocks[index] ?? null)} ${word}` : null;
      outcome.set(at, text);
      write(copy, {
        ...document,
        content: blocks.toSpliced(index, 1, ...(text === null ? [] : [paragraph(text)])),
      });
    }
  }
  return outcome;
}

describe('D11, for any edits', { timeout: 30_000 }, () => {
  it('reports exactly the paragraphs that both changed and left unequal', () => {
    fc.assert(
      fc.property(acts, acts, (theirActs, yourActs) => {
        const copies = copiesOf(documentOf(...Array.from({ length: 8 }, (_, n) => paragraph(`p${n} words`))));
        const theirs = perform(copies.server, 'theirs', theirActs);
        const yours = perform(copies.device, 'yours', yourActs);
        const expected = [...theirs.keys()].filter((at) => yours.has(at) && theirs.get(at) !== yours.get(at));
        const found = meet(copies).map((overlap) => Number(textOf(overlap.base)[1]));
        expect(found).toEqual(expected.sort());
        // They have met: with nothing new on either side, there is nothing to report.
        expect(meet(copies)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('reports nothing when only one side changed anything', () => {
    fc.assert(
      fc.property(acts, fc.boolean(), (some, onDevice) => {
        const copies = copiesOf(documentOf(...Array.from({ length: 8 }, (_, n) => paragraph(`p${n} words`))));
        perform(onDevice ? copies.device : copies.server, 'one', some);
        expect(meet(copies)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('D12: what was chosen, put into the live document', () => {
  const choose = (document: JSONContent, text: string, node: JSONContent | null, before: string[] = []) => {
    const { server } = copiesOf(document);
    const id = unitsOf(read(server)).find((unit) => textOf(unit.node) === text)?.id ?? 'gone';
    return applyChoices(read(server), [{ id, nodes: node ? [node] : [], before }]);
  };

  it('replaces a unit where it stands, and leaves the lists in an item alone', () => {
    const document = documentOf(list(item('a', list(item('b')))));
    expect(choose(document, 'a', item('A'))).toEqual(documentOf(list(item('A', list(item('b'))))));
  });

  it('takes a unit away, and the list with its last item; a cell is emptied', () => {
    expect(choose(documentOf(paragraph('x'), list(item('a'))), 'a', null)).toEqual(
      documentOf(paragraph('x')),
    );
    expect(
      choose(documentOf(table(['a', 'b'])), 'a', null).content?.[0]?.content?.[0]?.content?.[0],
    ).toMatchObject({
      content: [{ type: 'paragraph' }],
    });
  });

  it('brings a deleted unit back after the nearest one that preceded it', () => {
    const { server } = copiesOf(documentOf(paragraph('x'), list(item('a'), item('c')), paragraph('y')));
    const idOf = (text: string) => unitsOf(read(server)).find((unit) => textOf(unit.node) === text)?.id ?? '';
    const back = (node: JSONContent, ...before: string[]) =>
      applyChoices(read(server), [{ id: 'gone', nodes: [node], before }]);
    expect(back(item('b'), 'also gone', idOf('a'))).toEqual(
      documentOf(paragraph('x'), list(item('a'), item('b'), item('c')), paragraph('y')),
    );
    expect(back(paragraph('z'), idOf('x')).content?.map(textOf)).toEqual(['x', 'z', 'ac', 'y']);
    expect(back(item('b'), idOf('x')).content?.[1]).toEqual(list(item('b')));
    expect(back(paragraph('z')).content?.map(textOf)).toEqual(['z', 'x', 'ac', 'y']);
  });
});
