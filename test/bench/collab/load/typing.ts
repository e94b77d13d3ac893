import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/** One person's typing as Yjs updates: a paragraph, then one letter after another. */
export interface Typing {
  readonly client: number;
  /** The paragraph with its first letter. */
  readonly opening: Uint8Array;
  /** The clock after the opening. */
  readonly from: number;
  /** The update of the next letter, as an editor would send it; its clock is one more than the last one's. */
  next(): Uint8Array;
  /** The clock that `next` will write. */
  readonly clock: number;
}

const LETTERS = 'rejoin keeps what people wrote, ';
/** Yjs update format v1: a string with an origin, at the end of its parent. */
const STRING_AFTER_ORIGIN = 0x84;

export function createTyping(client: number): Typing {
  const doc = new Y.Doc();
  doc.clientID = client;
  const text = new Y.XmlText('.');
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [text]);
  doc.getXmlFragment('default').insert(0, [paragraph]);
  const opening = Y.encodeStateAsUpdate(doc);
  const from = Y.getState(doc.store, client);
  let clock = from;
  return {
    client,
    opening,
    from,
    get clock() {
      return clock;
    },
    // Written by hand, so that the load generator spends next to nothing on it.
    next() {
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeUint8(encoder, STRING_AFTER_ORIGIN);
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock - 1);
      encoding.writeVarString(encoder, LETTERS.charAt(clock % LETTERS.length));
      encoding.writeVarUint(encoder, 0);
      clock += 1;
      return encoding.toUint8Array(encoder);
    },
  };
}
