import { carriesContent, SYNC } from '../../shared/protocol/collab.ts';

/**
 * A WebSocket that reports each frame with content as it leaves, so that the server's acknowledgement, which is a
 * count of such frames, can be compared with what was really sent on this connection.
 */
export function countingSocket(onSent: (complete: boolean) => void): typeof WebSocket {
  return class extends WebSocket {
    override send(data: Parameters<WebSocket['send']>[0]): void {
      super.send(data);
      if (!(data instanceof Uint8Array) || !carriesContent(data)) return;
      onSent(data[1] === SYNC.step2);
    }
  };
}
