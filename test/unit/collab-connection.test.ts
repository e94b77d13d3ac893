import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { Registry } from 'prom-client';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Connection, createConnection } from '../../server/collab/connection.ts';
import { createCollabMetrics } from '../../server/collab/metrics.ts';
import { createSocketServer } from '../../server/collab/socket-server.ts';

const registry = new Registry();
const metrics = createCollabMetrics(registry);
const log = pino({ level: 'silent' });
const MEGABYTE = new Uint8Array(1024 * 1024);
/** More than the 16 MiB that may wait, and what the system's buffers of both ends take. */
const MUCH = 64;

/** Both ends of a socket: the server's, and a client's that has not read anything yet. */
async function connect(): Promise<{ connection: Connection; client: WebSocket }> {
  const sockets = createSocketServer();
  const server = createServer();
  const connected = new Promise<Connection>((resolve) => {
    server.on('upgrade', (request, stream, head) => {
      const about = { headers: request.headers, ticketId: null, schemaVersion: 1, isLive: false };
      sockets.handleUpgrade(request, stream, head, (socket) => {
        resolve(createConnection(socket, stream, about, { metrics, log }));
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => client.terminate());
  await once(client, 'open');
  return { connection: await connected, client };
}

it('cuts off a client that does not read, before what waits for it fills the memory', async () => {
  const { connection, client } = await connect();
  client.pause();
  for (let sent = 0; sent < MUCH && connection.isOpen; sent += 1) {
    connection.send(MEGABYTE);
    await new Promise(setImmediate);
  }
  expect(connection.isOpen).toBe(false);
  expect(await registry.getSingleMetricAsString('rejoin_collab_refusals_total')).toContain(
    'reason="tooSlow"} 1',
  );
});

it('keeps one that reads, however much it is sent', async () => {
  const { connection, client } = await connect();
  let received = 0;
  client.on('message', (data: Buffer) => {
    received += data.length;
  });
  for (let sent = 0; sent < MUCH; sent += 1) {
    const next = once(client, 'message');
    connection.send(MEGABYTE);
    await next;
  }
  expect(received).toBe(MUCH * MEGABYTE.length);
  expect(connection.isOpen).toBe(true);
});
