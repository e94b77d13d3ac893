import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { countChanges, diffDocuments } from '../../shared/description/diff.ts';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { documentToMarkdown, markdownToDocument } from '../../shared/description/markdown.ts';
import { documentToText } from '../../shared/description/text.ts';
import { documentToUpdate, updateToDocument } from '../../shared/description/yjs.ts';

const MARKDOWN = `# Plan

- [x] read **the [notes](https://example.test)** and \`code\`

| a | b |
| --- | --- |
| 1 | 2 |

\`\`\`ts
const a = 1;
\`\`\`
`;

describe('a document as a Yjs update', () => {
  test('comes back as the same document', () => {
    const document = markdownToDocument(MARKDOWN);
    expect(updateToDocument(documentToUpdate(document))).toEqual(document);
  });

  test('equal documents give equal bytes, so that seeding twice doubles nothing (D5)', () => {
    const first = documentToUpdate(markdownToDocument(MARKDOWN));
    const second = documentToUpdate(markdownToDocument(MARKDOWN));
    expect(second).toEqual(first);
    const merged = updateToDocument(Y.mergeUpdates([first, second]));
    expect(merged).toEqual(markdownToDocument(MARKDOWN));
  });

  test('lives in the fragment that the editor and the outside contract read', () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, documentToUpdate(markdownToDocument('words')));
    expect(FRAGMENT).toBe('default');
    expect(doc.getXmlFragment('default').toString()).toContain('words');
  });

  test('an empty update is an empty paragraph', () => {
    const nothing = Y.encodeStateAsUpdate(new Y.Doc());
    expect(updateToDocument(nothing)).toEqual({ type: 'doc', content: [{ type: 'paragraph' }] });
  });

  test('what a newer editor puts between the letters is kept when it is read (D7)', () => {
    const doc = new Y.Doc();
    const text = new Y.XmlText('words');
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [text]);
    doc.getXmlFragment(FRAGMENT).push([paragraph]);
    text.insertEmbed(2, { formula: 'a' });
    const document = updateToDocument(Y.encodeStateAsUpdate(doc));
    const texts = document.content?.[0]?.content;
    expect(texts).toMatchObject([
      { text: 'wo' },
      { type: 'embed', attrs: { value: { formula: 'a' } } },
      { text: 'rds' },
    ]);
    expect(documentToMarkdown(document)).toBe('words\n');
    const before = markdownToDocument('words');
    expect(countChanges(diffDocuments(before, document))).toMatchObject({ added: 3, removed: 1 });
  });

  test('a node of a newer schema is kept when it is read (D7)', () => {
    const doc = new Y.Doc();
    const element = new Y.XmlElement('drawing');
    element.insert(0, [new Y.XmlText('lines')]);
    doc.getXmlFragment('default').insert(0, [element]);
    const document = updateToDocument(Y.encodeStateAsUpdate(doc));
    expect(document.content?.[0]?.type).toBe('drawing');
    expect(documentToText(document)).toBe('lines');
  });
});

test('text has one line a block and no marks', () => {
  expect(documentToText(markdownToDocument(MARKDOWN))).toBe(
    'Plan\nread the notes and code\na\tb\n1\t2\nconst a = 1;',
  );
});
