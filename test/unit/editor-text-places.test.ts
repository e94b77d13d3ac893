import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { placeTexts } from '../../client/description/text-places.ts';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { documentOf, paragraph, read, textOf, write } from '../support/meetings.ts';

/** Somebody's editor; `receive` takes what another has written since. */
function editor() {
  const doc = new Y.Doc();
  placeTexts(doc, documentSchema);
  return {
    doc,
    hold: (...lines: string[]) => write(doc, documentOf(...lines.map(paragraph))),
    receive: (other: Y.Doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc))),
    lines: () => (read(doc).content ?? []).map(textOf),
  };
}

function meet(one: ReturnType<typeof editor>, other: ReturnType<typeof editor>): void {
  one.receive(other.doc);
  other.receive(one.doc);
}

describe('two people who begin to write in one empty block at the same time', () => {
  it('have each letter once, when both write on in what they see', () => {
    const [ada, grace] = [editor(), editor()];
    ada.hold('Before.', '');
    grace.receive(ada.doc);
    ada.hold('Before.', 'a');
    grace.hold('Before.', 'g');
    meet(ada, grace);
    for (const { hold, lines } of [ada, grace]) hold('Before.', `${lines()[1]}!`);
    meet(ada, grace);
    expect(ada.lines()).toEqual(grace.lines());
    expect([...(ada.lines()[1] ?? '')].sort().join('')).toBe('!!ag');
  });

  it('have it wherever a block was made: in a table, a list, a quote', () => {
    const { doc } = editor();
    const cell = { type: 'tableCell', content: [paragraph('')] };
    const item = { type: 'listItem', content: [paragraph('')] };
    write(
      doc,
      documentOf(
        { type: 'table', content: [{ type: 'tableRow', content: [cell, cell] }] },
        { type: 'bulletList', content: [item] },
        { type: 'horizontalRule' },
      ),
    );
    const texts = [...textsIn(doc.getXmlFragment(FRAGMENT))];
    expect(texts).toHaveLength(3);
    write(doc, documentOf(paragraph('')));
    expect([...textsIn(doc.getXmlFragment(FRAGMENT))]).toHaveLength(1);
  });

  it('adds nothing to what others made', () => {
    const [ada, program] = [editor(), new Y.Doc()];
    write(program, documentOf(paragraph('')));
    ada.receive(program);
    expect(Y.encodeStateAsUpdate(ada.doc)).toEqual(Y.encodeStateAsUpdate(program));
  });
});

function* textsIn(parent: Y.XmlFragment): Generator<Y.XmlText> {
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) yield child;
    else if (child instanceof Y.XmlElement) yield* textsIn(child);
  }
}
