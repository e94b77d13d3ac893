import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as Y from 'yjs';
import { z } from 'zod';

/** A document of `bytes` bytes that somebody typed here and there, with deletions; always the same. */
export function typedDocument(bytes: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 77;
  const text = new Y.XmlText();
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [text]);
  doc.getXmlFragment('default').insert(0, [paragraph]);
  const random = pseudoRandom(4);
  while (Y.encodeStateAsUpdate(doc).length < bytes) {
    for (let burst = 0; burst < 20; burst += 1) {
      const at = Math.floor(random() * (text.length + 1));
      if (random() < 0.2 && text.length > at + 3) text.delete(at, 3);
      else text.insert(at, 'typed here and there '.slice(0, 2 + Math.floor(random() * 18)));
    }
  }
  return Y.encodeStateAsUpdate(doc);
}

const trace = z.object({
  txns: z.array(z.object({ patches: z.array(z.tuple([z.number(), z.number(), z.string()])) })),
  endContent: z.string(),
});

/** Every edit of a recorded writing session as one update each; null when the recording is not there. */
export async function updatesOfTrace(file: string): Promise<Uint8Array[] | null> {
  const packed = await readFile(file).catch(() => null);
  if (packed === null) return null;
  const { txns, endContent } = trace.parse(JSON.parse((await promisify(gunzip)(packed)).toString()));
  const doc = new Y.Doc();
  doc.clientID = 78;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = new Y.XmlText();
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [text]);
  doc.getXmlFragment('default').insert(0, [paragraph]);
  for (const { patches } of txns) {
    doc.transact(() => {
      for (const [at, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(at, deleted);
        if (inserted !== '') text.insert(at, inserted);
      }
    });
  }
  if (text.length !== endContent.length) throw new Error(`The trace ${file} does not end as it says.`);
  return updates;
}

/** mulberry32 */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
