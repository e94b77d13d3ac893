import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { guardContent } from '../../client/description/content-guard.ts';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { markdownToDocument } from '../../shared/description/markdown.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { SCHEMA_VERSION } from '../../shared/description/schema-version.ts';
import { documentToUpdate } from '../../shared/description/yjs.ts';

/** A device that has the description open, and what the network brings to it. */
function device(mayWrite: boolean) {
  const doc = new Y.Doc();
  const server = new Y.Doc();
  const receive = () => Y.applyUpdate(doc, Y.encodeStateAsUpdate(server), 'network');
  Y.applyUpdate(server, documentToUpdate(markdownToDocument('- one\n- two')));
  receive();
  const sendAll = vi.fn();
  const guard = guardContent(doc.getXmlFragment(FRAGMENT), doc, sendAll);
  guard.setMayWrite(mayWrite);
  guard.start(documentSchema, SCHEMA_VERSION);
  return {
    doc,
    guard,
    sendAll,
    receive(change: (fragment: Y.XmlFragment) => void) {
      server.transact(() => change(server.getXmlFragment(FRAGMENT)));
      receive();
    },
    isAsServer: () => doc.getXmlFragment(FRAGMENT).toString() === server.getXmlFragment(FRAGMENT).toString(),
  };
}

/** What a merge can leave: an item that lost its paragraph and gained a list. */
function breakFirstItem(fragment: Y.XmlFragment): void {
  const item = firstItem(fragment);
  const nested = new Y.XmlElement('bulletList');
  const inner = new Y.XmlElement('listItem');
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText('Nested words.')]);
  inner.insert(0, [paragraph]);
  nested.insert(0, [inner]);
  item.delete(0);
  item.insert(0, [nested]);
}

function firstItem(fragment: Y.XmlFragment): Y.XmlElement {
  const list = fragment.get(0);
  const item = list instanceof Y.XmlElement ? list.get(0) : null;
  if (item instanceof Y.XmlElement) return item;
  throw new Error('There is no list item.');
}

describe('what a merge has left incomplete', () => {
  it('D8: is not mended by a reader, who is kept from the editor until somebody else has mended it', () => {
    const { guard, receive, isAsServer } = device(false);
    receive(breakFirstItem);
    expect(guard.beyondUs.get()).toBe('incomplete');
    expect(isAsServer()).toBe(true);
    receive((fragment) => firstItem(fragment).insert(0, [new Y.XmlElement('paragraph')]));
    expect(guard.beyondUs.get()).toBe('no');
    // React may have heard of neither: the editor that was taken away in between is not to be kept.
    expect(guard.turn.get()).toBe(2);
    expect(isAsServer()).toBe(true);
  });

  it('is mended at once by who may write, and everything is sent', async () => {
    const { guard, receive, isAsServer, sendAll } = device(true);
    receive(breakFirstItem);
    expect(guard.beyondUs.get()).toBe('no');
    expect(isAsServer()).toBe(false);
    await vi.waitFor(() => expect(sendAll).toHaveBeenCalledOnce());
  });

  it('is mended as soon as the person may write', () => {
    const { guard, receive, isAsServer } = device(false);
    receive(breakFirstItem);
    guard.setMayWrite(true);
    expect(guard.beyondUs.get()).toBe('no');
    expect(isAsServer()).toBe(false);
  });
});

describe('D7: what no editor may have', () => {
  it('stays so once something unknown has come', () => {
    const { guard, receive } = device(true);
    receive((fragment) => fragment.push([new Y.XmlElement('diagram')]));
    expect(guard.beyondUs.get()).toBe('newer');
    receive((fragment) => fragment.delete(fragment.length - 1, 1));
    expect(guard.beyondUs.get()).toBe('newer');
  });

  it('is everything where the editor could not be loaded', () => {
    const doc = new Y.Doc();
    const guard = guardContent(doc.getXmlFragment(FRAGMENT), doc, vi.fn());
    guard.start(null, SCHEMA_VERSION);
    expect(guard.beyondUs.get()).toBe('unloaded');
  });
});
