import * as decoding from 'lib0/decoding';
import { MAX_FRAME_BYTES, MESSAGE, SYNC } from '../../shared/protocol/collab.ts';
import type { Piece } from './send-whole.ts';

/** Watches what leaves on the socket for what a device brings when it comes back. */
export interface ComingBack {
  /** Hears every frame as it leaves. */
  sent(frame: Uint8Array): void;
  /** What this connection brought, if a frame could not carry it. */
  tooLarge(): Piece | null;
}

/**
 * Each connection begins with a step 1, which says how far this copy goes, and a step 2, which holds what the server
 * lacks; both speak of the copy as it was before the server's part reached it. From these two the server learns where
 * both sides stood (D11), so what is too large for the socket leaves as exactly this, not as the copy has become since.
 */
export function watchComingBack(): ComingBack {
  let opened: Uint8Array | null = null;
  let piece: Piece | null = null;
  return {
    sent(frame) {
      if (frame[0] !== MESSAGE.sync) return;
      if (frame[1] === SYNC.step1) {
        opened = bodyOf(frame);
        piece = null;
      }
      if (frame[1] === SYNC.step2 && opened) {
        if (frame.length > MAX_FRAME_BYTES) piece = { opened, update: bodyOf(frame) };
        opened = null;
      }
    },
    tooLarge: () => piece,
  };
}

function bodyOf(frame: Uint8Array): Uint8Array {
  const decoder = decoding.createDecoder(frame);
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return decoding.readVarUint8Array(decoder);
}
