import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { MESSAGE, SYNC } from '../../../../shared/protocol/collab.ts';
import { encoded, syncMessage } from './client.ts';

export const FORGED_NAME = 'The honest one, says mallory';

export type HostileKind = 'random' | 'truncated' | 'gap' | 'oversize' | 'forged' | 'viewer';

/** One hostile message; `victim` is the honest client's id. Numbered, so that no two are equal. */
export function hostileMessage(kind: HostileKind, number: number, victim: number): Uint8Array {
  switch (kind) {
    case 'random':
      return randomBytes(number);
    case 'truncated':
      return syncMessage(SYNC.update, smallUpdate(number).slice(0, -3));
    case 'gap':
      return syncMessage(SYNC.update, updateWithGap(number));
    case 'oversize':
      return syncMessage(SYNC.update, new Uint8Array(1024 * 1024 + 1));
    case 'forged':
      return forgedAwareness(victim, number);
    case 'viewer':
      return syncMessage(SYNC.update, smallUpdate(number));
  }
}

function randomBytes(number: number): Uint8Array {
  const bytes = crypto.getRandomValues(new Uint8Array(8 + (number % 200)));
  // A message type that exists, so that the rest is read as well.
  bytes[0] = number % 4;
  return bytes;
}

function smallUpdate(client: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1_000_000 + client;
  doc.getXmlFragment('default').push([new Y.XmlText('not wanted here')]);
  return Y.encodeStateAsUpdate(doc);
}

function updateWithGap(client: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 2_000_000 + client;
  const fragment = doc.getXmlFragment('default');
  fragment.push([new Y.XmlText('never sent')]);
  const before = Y.encodeStateVector(doc);
  fragment.push([new Y.XmlText('hangs in the air')]);
  return Y.encodeStateAsUpdate(doc, before);
}

function forgedAwareness(victim: number, number: number): Uint8Array {
  const body = encoded((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, victim);
    encoding.writeVarUint(encoder, 1_000 + number);
    encoding.writeVarString(encoder, JSON.stringify({ user: { name: FORGED_NAME } }));
  });
  return encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.awareness);
    encoding.writeVarUint8Array(encoder, body);
  });
}
