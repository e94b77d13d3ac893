import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { cookieOf } from './client.ts';

export interface RawClient {
  readonly frames: Uint8Array[];
  send(frame: Uint8Array): void;
  /** The code the server closed with. */
  readonly closed: Promise<number>;
}

/** A socket without a protocol of its own, for what no honest client would send; gone when the test ends. */
export async function connectRaw(
  socketUrl: string,
  ticketId: string,
  user: string | null,
): Promise<RawClient> {
  const socket = new WebSocket(`${socketUrl}/${ticketId}`, cookieOf(user));
  onTestFinished(() => socket.terminate());
  const frames: Uint8Array[] = [];
  socket.on('message', (data: Buffer) => frames.push(new Uint8Array(data)));
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { frames, closed, send: (frame) => socket.send(frame) };
}
