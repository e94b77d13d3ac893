import { WebSocket, WebSocketServer } from 'ws';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { MAX_FRAME_BYTES } from '../../shared/protocol/collab.ts';

/** What `ws` closes with when it refuses a frame by itself, and what we say instead: stock clients retry on 1xxx. */
const OWN_CODES = new Map<number, { code: number; words: string }>([
  [1002, CLOSE.malformed],
  [1003, CLOSE.malformed],
  [1007, CLOSE.malformed],
  [1009, CLOSE.tooLarge],
]);

class CollabSocket extends WebSocket {
  override close(code?: number, data?: string | Buffer): void {
    const own = code === undefined ? undefined : OWN_CODES.get(code);
    if (own) super.close(own.code, own.words);
    else super.close(code, data);
  }
}

/** A WebSocket server without a listening port of its own, whose refusals are of `close-codes.ts`. */
export const createSocketServer = () =>
  new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    WebSocket: CollabSocket,
  });
