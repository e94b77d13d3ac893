import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { mendContent } from '../../client/description/mend-content.ts';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { markdownToDocument } from '../../shared/description/markdown.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { documentToText } from '../../shared/description/text.ts';
import { documentToUpdate, updateToDocument } from '../../shared/description/yjs.ts';

/** What two people's changes, made apart, leave together. */
function merged(markdown: string, ...changes: ((fragment: Y.XmlFragment) => void)[]): Y.Doc {
  const base = documentToUpdate(markdownToDocument(markdown));
  const together = new Y.Doc();
  Y.applyUpdate(together, base);
  for (const change of changes) {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, base);
    change(doc.getXmlFragment(FRAGMENT));
    Y.applyUpdate(together, Y.encodeStateAsUpdate(doc));
  }
  return together;
}

const mend = (doc: Y.Doc) => mendContent(doc.getXmlFragment(FRAGMENT).toArray(), documentSchema, true);
const documentOf = (doc: Y.Doc) => updateToDocument(Y.encodeStateAsUpdate(doc));
const isValid = (doc: Y.Doc): boolean => {
  try {
    documentSchema.nodeFromJSON(documentOf(doc)).check();
    return true;
  } catch {
    return false;
  }
};

function inside(fragment: Y.XmlFragment, ...path: number[]): Y.XmlElement {
  const found = path.reduce<unknown>(
    (parent, index) => (parent instanceof Y.XmlFragment ? parent.get(index) : undefined),
    fragment,
  );
  if (!(found instanceof Y.XmlElement)) throw new Error('There is no element.');
  return found;
}

function element(name: string, ...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement {
  const made = new Y.XmlElement(name);
  made.insert(0, children);
  return made;
}

const nestedList = (...content: (Y.XmlElement | Y.XmlText)[]) =>
  element('bulletList', element('listItem', element('paragraph', ...content)));
const nestedWords = () => nestedList(new Y.XmlText('Nested words.'));

describe('what a merge leaves incomplete', () => {
  it('is mended before the editor could delete it: an item that lost its paragraph and gained a list', () => {
    const doc = merged(
      '- one\n- two',
      (fragment) => inside(fragment, 0, 0).delete(0),
      (fragment) => inside(fragment, 0, 0).insert(1, [nestedWords()]),
    );
    expect(isValid(doc)).toBe(false);
    expect(mend(doc)).toBe('mended');
    expect(isValid(doc)).toBe(true);
    expect(documentToText(documentOf(doc))).toBe('Nested words.\ntwo');
    expect(mend(doc)).toBe('sound');
  });

  it('is mended once more without harm when two devices mend at the same time', () => {
    const doc = merged('- one', (fragment) => {
      inside(fragment, 0, 0).insert(1, [nestedWords()]);
      inside(fragment, 0, 0).delete(0);
    });
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    expect([mend(doc), mend(other)]).toEqual(['mended', 'mended']);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(isValid(doc)).toBe(true);
    expect(documentToText(documentOf(doc))).toBe('Nested words.');
  });

  it.each(['personMention', 'ticketMention', 'image'])(
    'is mended as well where all it holds is a %s',
    (name) => {
      const doc = merged('- one', (fragment) => {
        inside(fragment, 0, 0).insert(1, [nestedList(element(name))]);
        inside(fragment, 0, 0).delete(0);
      });
      expect(mend(doc)).toBe('mended');
      expect(isValid(doc)).toBe(true);
      expect(JSON.stringify(documentOf(doc))).toContain(name);
    },
  );

  it('leaves alone what is sound, and what holds no words', () => {
    const doc = merged(
      '- one\n\n> said\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n![alt](https://example.org/a.png)',
    );
    expect(mend(doc)).toBe('sound');
    inside(doc.getXmlFragment(FRAGMENT), 1).delete(0);
    expect(mend(doc)).toBe('sound');
  });

  it('is hopeless when nothing that is added makes room: the editor must not have it', () => {
    const doc = merged('> said', (fragment) =>
      inside(fragment, 0).insert(0, [
        element('tableRow', element('tableCell', element('paragraph', new Y.XmlText('x')))),
      ]),
    );
    expect(mend(doc)).toBe('hopeless');
    expect(documentToText(documentOf(doc))).toContain('said');
  });
});
