import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';

/** What one client wrote in an update: from `clock`, `length` characters or other units. */
export interface Writing {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

/** An item of text that has an origin, and nothing else. */
const STRING_AFTER_ORIGIN = 0x84;

/** What an update says was written. Reads a letter's few bytes itself; some servers merge several into one update. */
export function readWritings(update: Uint8Array): Writing[] {
  return readLetter(update) ?? Y.decodeUpdate(update).structs.map(({ id, length }) => ({ ...id, length }));
}

function readLetter(update: Uint8Array): Writing[] | null {
  const decoder = decoding.createDecoder(update);
  if (decoding.readVarUint(decoder) !== 1 || decoding.readVarUint(decoder) !== 1) return null;
  const client = decoding.readVarUint(decoder);
  const clock = decoding.readVarUint(decoder);
  if (decoding.readUint8(decoder) !== STRING_AFTER_ORIGIN) return null;
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return [{ client, clock, length: decoding.readVarString(decoder).length }];
}
