import { EditorState } from '@tiptap/pm/state';
import { describe, expect, it } from 'vitest';
import { marksOnWords } from '../../shared/description/marks-on-words.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { documentToUpdate, updateToDocument } from '../../shared/description/yjs.ts';

const mention = { type: 'personMention', attrs: { id: 'ada', label: 'Ada Lovelace' } };
const image = { type: 'image', attrs: { src: 'https://example.test/a.png' } };

function stateWith(...content: object[]): EditorState {
  const doc = documentSchema.nodeFromJSON({ type: 'doc', content: [{ type: 'paragraph', content }] });
  return EditorState.create({ doc, plugins: [marksOnWords()] });
}

const everything = ({ doc }: EditorState) => ({ from: 0, to: doc.content.size });

describe('marks', () => {
  it('go on words only, so that what is shown is what a description keeps', () => {
    const state = stateWith(
      { type: 'text', text: 'Ask ' },
      mention,
      { type: 'text', text: ' or see ' },
      image,
    );
    const { from, to } = everything(state);
    const link = documentSchema.mark('link', { href: 'https://example.test' });
    const { tr } = state;
    const marked = state.applyTransaction(
      tr.addMark(from, to, documentSchema.mark('bold')).addMark(from, to, link),
    );
    const marks: [string, number][] = [];
    marked.state.doc.descendants((node) => {
      if (node.isInline) marks.push([node.type.name, node.marks.length]);
    });
    expect(marks).toEqual([
      ['text', 2],
      ['personMention', 0],
      ['text', 2],
      ['image', 0],
    ]);
    const shown = marked.state.doc.toJSON();
    expect(updateToDocument(documentToUpdate(shown))).toEqual(shown);
  });

  it('chosen for what is typed next stay chosen after something that takes none', () => {
    const state = stateWith({ type: 'text', text: 'bold' });
    const bold = [documentSchema.mark('bold')];
    const lineBreak = documentSchema.node('hardBreak', null, undefined, bold);
    const after = state.applyTransaction(state.tr.insert(5, lineBreak).setStoredMarks(bold)).state;
    expect(after.doc.nodeAt(5)?.marks).toEqual([]);
    expect(after.storedMarks).toEqual(bold);
  });
});
