import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** With what this device came to the server: its step 1 and its step 2. */
export interface Brought {
  /** State vector of this copy as it came. */
  readonly opened: Uint8Array;
  /** What the server lacked of it. */
  readonly update: Uint8Array;
}

/** As it is kept in this browser. */
export function encodeBrought(all: readonly Brought[]): ArrayBuffer {
  const encoder = encoding.createEncoder();
  for (const { opened, update } of all) {
    encoding.writeVarUint8Array(encoder, opened);
    encoding.writeVarUint8Array(encoder, update);
  }
  return new Uint8Array(encoding.toUint8Array(encoder)).buffer;
}

/** @throws where it was not written by {@link encodeBrought} */
export function decodeBrought(kept: ArrayBuffer): Brought[] {
  const decoder = decoding.createDecoder(new Uint8Array(kept));
  const all: Brought[] = [];
  while (decoding.hasContent(decoder)) {
    const opened = decoding.readVarUint8Array(decoder);
    all.push({ opened, update: decoding.readVarUint8Array(decoder) });
  }
  return all;
}
