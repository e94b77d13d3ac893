import { MAX_FRAME_BYTES } from '../../shared/protocol/collab.ts';

export interface CountingSocketDeps {
  /** What leaves in the place of a frame. */
  readonly outgoing: (frame: Uint8Array) => readonly Uint8Array[];
  readonly onSent: (frame: Uint8Array) => void;
  /** One of the frames is over what the server takes: nothing was sent. */
  readonly onTooLarge: () => void;
}

/**
 * A WebSocket that shows each frame as it leaves, so that the server's acknowledgement, which is a count of frames,
 * can be compared with what was really sent on this connection.
 */
export function countingSocket({ outgoing, onSent, onTooLarge }: CountingSocketDeps): typeof WebSocket {
  return class extends WebSocket {
    override send(data: Parameters<WebSocket['send']>[0]): void {
      if (!(data instanceof Uint8Array)) {
        super.send(data);
        return;
      }
      const frames = outgoing(data);
      if (frames.some((frame) => frame.length > MAX_FRAME_BYTES)) {
        onTooLarge();
        return;
      }
      for (const frame of frames) {
        super.send(frame === data ? data : new Uint8Array(frame));
        onSent(frame);
      }
    }
  };
}
