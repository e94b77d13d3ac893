import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Piece } from './send-whole.ts';

/** The frames with which this device came to the server. */
export interface Brought {
  /** How far this copy went as it came. */
  readonly step1: Uint8Array;
  /** What the server lacked of it. */
  readonly step2: Uint8Array;
}

/** The same for HTTP. */
export const pieceOf = ({ step1, step2 }: Brought): Piece => ({
  opened: bodyOf(step1),
  update: bodyOf(step2),
});

function bodyOf(frame: Uint8Array): Uint8Array {
  const decoder = decoding.createDecoder(frame);
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return decoding.readVarUint8Array(decoder);
}

/** As it is kept in this browser. */
export function encodeBrought(all: readonly Brought[]): ArrayBuffer {
  const encoder = encoding.createEncoder();
  for (const { step1, step2 } of all) {
    encoding.writeVarUint8Array(encoder, step1);
    encoding.writeVarUint8Array(encoder, step2);
  }
  return new Uint8Array(encoding.toUint8Array(encoder)).buffer;
}

/** @throws where it was not written by {@link encodeBrought} */
export function decodeBrought(kept: ArrayBuffer): Brought[] {
  const decoder = decoding.createDecoder(new Uint8Array(kept));
  const all: Brought[] = [];
  while (decoding.hasContent(decoder)) {
    const step1 = decoding.readVarUint8Array(decoder);
    const brought = { step1, step2: decoding.readVarUint8Array(decoder) };
    pieceOf(brought); // can be read
    all.push(brought);
  }
  return all;
}
