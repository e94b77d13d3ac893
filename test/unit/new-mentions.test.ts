import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { personMentionsOf } from '../../server/collab/document-mentions.ts';
import { newMentions } from '../../server/collab/new-mentions.ts';
import { FRAGMENT } from '../../shared/description/fragment.ts';

const mention = (personId: string, update: number | null, excerpt = '') => ({ personId, update, excerpt });

describe('whom a description has newly mentioned', () => {
  const never = new Map([
    ['bob', 0],
    ['vic', 0],
  ]);

  it('are those whom the last updates mention, each once, with the latest words', () => {
    const all = [mention('bob', 0, 'first'), mention('vic', null), mention('bob', 2, 'second')];
    expect(newMentions(all, never)).toEqual([mention('bob', 2, 'second')]);
  });

  it('is nobody whom we may not tell', () => {
    expect(newMentions([mention('olga', 0)], never)).toEqual([]);
  });

  it('is nobody who stood there as often before: moved, restored, or folded by another node', () => {
    expect(newMentions([mention('bob', 0)], new Map([['bob', 1]]))).toEqual([]);
    const again = [mention('bob', null), mention('bob', 0, 'again')];
    expect(newMentions(again, new Map([['bob', 1]]))).toEqual([mention('bob', 0, 'again')]);
  });

  it('are at most fifty people a fold', () => {
    const people = Array.from({ length: 60 }, (_, at) => `p${at}`);
    const told = new Map(people.map((person) => [person, 0]));
    expect(
      newMentions(
        people.map((person) => mention(person, 0)),
        told,
      ),
    ).toHaveLength(50);
  });
});

describe('the mentions in a document', () => {
  it('say who, with which words around, and which update first brought them', () => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    const write = (words: string, id: string) => {
      const before = Y.encodeStateVector(doc);
      const person = new Y.XmlElement('personMention');
      person.setAttribute('id', id);
      person.setAttribute('label', id);
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(words), person]);
      doc.getXmlFragment(FRAGMENT).push([paragraph]);
      updates.push(Y.encodeStateAsUpdate(doc, before));
    };
    write('ask ', 'bob');
    const snapshot = Y.encodeStateAsUpdate(doc);
    write(`${'long '.repeat(40)}`, 'vic');
    write('then\0 ', 'ann');
    const [first = new Uint8Array(), second = new Uint8Array(), third = new Uint8Array()] = updates;
    const of = (merged: Parameters<typeof personMentionsOf>[1]) =>
      personMentionsOf(doc.getXmlFragment(FRAGMENT), merged);
    // The last one repeats everything, as a client does that comes back.
    expect(of({ snapshot, updates: [second, Y.encodeStateAsUpdate(doc)] })).toEqual([
      mention('bob', null, 'ask @bob'),
      mention('vic', 0, `${'long '.repeat(28)}…`),
      mention('ann', 1, 'then\uFFFD @ann'),
    ]);
    expect(of({ snapshot: null, updates: [first, second, third] }).map(({ update }) => update)).toEqual([
      0, 1, 2,
    ]);
  });
});
