/**
 * A WebSocket that shows each frame as it leaves, so that the server's acknowledgement, which is a count of frames,
 * can be compared with what was really sent on this connection.
 */
export function countingSocket(onSent: (frame: Uint8Array) => void): typeof WebSocket {
  return class extends WebSocket {
    override send(data: Parameters<WebSocket['send']>[0]): void {
      super.send(data);
      if (data instanceof Uint8Array) onSent(data);
    }
  };
}
