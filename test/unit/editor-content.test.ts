import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { looksLikeMarkdown } from '../../client/description/paste-markdown.ts';
import { holdsUnknown, wordsOf } from '../../client/description/unknown-content.ts';
import { documentOf } from '../../client/description/use-document-now.ts';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { markdownToDocument } from '../../shared/description/markdown.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { documentToUpdate } from '../../shared/description/yjs.ts';

const EVERYTHING = `# Title

Some **bold**, *slanted*, ~~gone~~, \`code\` and [a link](https://example.org).

- [x] done
- [ ] open

1. first
2. second

> quoted

| a | b |
| - | - |
| 1 | 2 |

\`\`\`ts
const answer = 42;
\`\`\`

---

![alt](https://example.org/picture.png)
`;

function descriptionOf(markdown: string) {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, documentToUpdate(markdownToDocument(markdown)));
  return doc.getXmlFragment(FRAGMENT);
}

describe('D7: what this editor does not know', () => {
  it('is not found in anything its own schema can hold', () => {
    expect(holdsUnknown(descriptionOf(EVERYTHING), documentSchema)).toBe(false);
  });

  it.each<[string, (fragment: Y.XmlFragment) => void]>([
    ['a node', (fragment) => fragment.insert(0, [new Y.XmlElement('diagram')])],
    [
      'a node inside one it knows',
      (fragment) => firstElement(fragment).insert(0, [new Y.XmlElement('mention')]),
    ],
    ['an attribute', (fragment) => firstElement(fragment).setAttribute('colour', 'red')],
    ['a mark', (fragment) => firstElement(fragment).insert(0, [marked('comment')])],
    ['something between the letters', (fragment) => firstText(fragment).insertEmbed(2, { formula: 'a' })],
    ['a document between the letters', (fragment) => firstText(fragment).insertEmbed(2, new Y.Map())],
    ['what is no element', (fragment) => Reflect.apply(fragment.insert, fragment, [0, [new Y.Map()]])],
    ['a plain text', (fragment) => Reflect.apply(fragment.insert, fragment, [0, [new Y.Text('words')]])],
    ['a hook', (fragment) => Reflect.apply(fragment.insert, fragment, [0, [new Y.XmlHook('hook')]])],
  ])('is found: %s', (_name, add) => {
    const fragment = descriptionOf('Known words.');
    add(fragment);
    expect(holdsUnknown(fragment, documentSchema)).toBe(true);
    // What nobody can edit can be looked at all the same.
    expect(wordsOf(fragment).join()).toContain('words.');
    expect(fragment.doc && documentOf(fragment.doc)).toMatchObject({ type: 'doc' });
  });

  it('is shown without the name of a mention or image that is no text', () => {
    const fragment = descriptionOf('![the pier](https://example.org/a.png), soon.');
    const image = firstElement(fragment).get(0);
    Reflect.apply(Y.XmlElement.prototype.setAttribute, image, ['alt', { toString: 1, valueOf: 1 }]);
    expect(wordsOf(fragment)).toEqual([', soon.']);
  });

  it('still shows its words, a line per block', () => {
    const fragment = descriptionOf('One.\n\nTwo.');
    const box = new Y.XmlElement('callout');
    box.insert(0, [new Y.XmlText('Boxed.')]);
    fragment.insert(1, [box]);
    expect(wordsOf(fragment)).toEqual(['One.', 'Boxed.', 'Two.']);
  });

  it('shows mentions and images among the words by what they are called', () => {
    const id = '00000000-0000-4000-8000-000000000000';
    const fragment = descriptionOf(
      `See [DEMO-12](/t/${id}) and ![the pier](https://example.org/a.png), soon.`,
    );
    expect(wordsOf(fragment)).toEqual(['See DEMO-12 and the pier, soon.']);
  });
});

describe('pasted text', () => {
  it.each([
    '# Title',
    'a\n- b\n- c',
    '> said',
    '```\ncode\n```',
    'see [this](https://example.org)',
    '**now**',
  ])('is read as Markdown: %j', (text) => expect(looksLikeMarkdown(text)).toBe(true));

  it.each(['just words', 'a * b * c', 'snake_case_name', '2 - 1 = 1', 'line one\nline two', '#12 is fixed'])(
    'stays as it is: %j',
    (text) => expect(looksLikeMarkdown(text)).toBe(false),
  );
});

function firstElement(fragment: Y.XmlFragment): Y.XmlElement {
  const first = fragment.get(0);
  if (!(first instanceof Y.XmlElement)) throw new Error('The document has no first block.');
  return first;
}

function firstText(fragment: Y.XmlFragment): Y.XmlText {
  const first = firstElement(fragment).get(0);
  if (!(first instanceof Y.XmlText)) throw new Error('The first block has no text.');
  return first;
}

function marked(name: string): Y.XmlText {
  const text = new Y.XmlText();
  text.insert(0, 'words', { [name]: {} });
  return text;
}
