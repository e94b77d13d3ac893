import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createSocketServer } from '../../server/collab/socket-server.ts';
import { wireFrame } from '../../server/collab/wire-frame.ts';

/** Around each length at which the head of a frame grows. */
const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 300_000];

it('makes frames of every length that a client reads, in order with those of ws itself', async () => {
  const own = LENGTHS.map((length, at) => new Uint8Array(length).fill(at + 1));
  const sockets = createSocketServer();
  const server = createServer().on('upgrade', (request, stream, head) => {
    sockets.handleUpgrade(request, stream, head, (socket) => {
      for (const message of own) {
        stream.write(wireFrame(message));
        socket.ping();
        socket.send(`after ${message.length}`);
      }
      socket.close(4400, 'all said');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());

  const { port } = server.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const heard: (string | Uint8Array)[] = [];
  client.on('message', (data: Buffer, isBinary) => {
    heard.push(isBinary ? new Uint8Array(data) : data.toString());
  });
  const [code] = await once(client, 'close');

  expect(code).toBe(4400);
  expect(heard).toEqual(own.flatMap((message) => [message, `after ${message.length}`]));
});
