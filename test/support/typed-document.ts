import * as Y from 'yjs';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { documentOf, paragraph, write } from './meetings.ts';

/** Position, characters to delete, text to insert. */
type Patch = readonly [position: number, length: number, added: string];

/**
 * Changes the plain text of a description, a paragraph for each line. Letters change their paragraph's text in
 * place; where lines are broken or joined, the document is written the way the editor's binding writes it.
 */
export function typeInto(copy: Y.Doc, [position, length, added]: Patch): void {
  const texts = textsOf(copy);
  let [line, at] = [0, position];
  for (; at > lengthOf(texts[line]); line += 1) at -= lengthOf(texts[line]) + 1;
  const text = texts[line];
  if (!text || added.includes('\n') || at + length > text.length) {
    const before = wordsOf(copy.getXmlFragment(FRAGMENT));
    const after = before.slice(0, position) + added + before.slice(position + length);
    write(copy, documentOf(...after.split('\n').map(paragraph)));
    return;
  }
  if (length > 0) text.delete(at, length);
  if (added !== '') text.insert(at, added);
}

/** The words of a description of paragraphs, a line for each. */
export const wordsOf = (fragment: Y.XmlFragment): string =>
  fragment
    .toArray()
    .map((block) => (block instanceof Y.XmlElement ? block.toArray().join('') : ''))
    .join('\n');

/** Each paragraph's text; null for an empty one. */
const textsOf = (copy: Y.Doc): (Y.XmlText | null)[] =>
  copy
    .getXmlFragment(FRAGMENT)
    .toArray()
    .map((block) => {
      const [text, ...more] = block instanceof Y.XmlElement ? block.toArray() : [];
      if (more.length > 0) throw new Error('A paragraph of the typed document holds more than one text.');
      return text instanceof Y.XmlText ? text : null;
    });

const lengthOf = (text: Y.XmlText | null | undefined): number => text?.length ?? 0;
