import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startCollabServer } from './collab-support/collab-server.ts';
import { createWorld } from './collab-support/world.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => database.drop());

const BEAT_MS = 15_000;
/** More than are pinged in one go. */
const PEOPLE = 25;
const SILENT = 12;

interface Person {
  readonly socket: WebSocket;
  readonly heard: { messages: number; pings: number };
}

it('pings everybody, and lets go of who has not answered by the next time', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const ticketId = await (await createWorld(database.pool)).newTicket();
  const server = await startCollabServer(database.pool);
  const people = Array.from({ length: PEOPLE }, (_, at) => comeIn(`${server.socketUrl}/${ticketId}`, at));
  const until = (check: () => unknown) => vi.waitFor(check, { timeout: 8_000, interval: 5 });
  const untilPinged = (times: (at: number) => number) =>
    until(() => expect(people.map(({ heard }) => heard.pings)).toEqual(people.map((_, at) => times(at))));
  await until(() => expect(people.every(({ heard }) => heard.messages > 0)).toBe(true));

  vi.advanceTimersByTime(BEAT_MS);
  await untilPinged(() => 1);
  await Promise.all(people.map(({ socket }) => untilRead(socket)));
  vi.advanceTimersByTime(BEAT_MS);
  await untilPinged((at) => (at === SILENT ? 1 : 2));
  const states = people.map((_, at) => (at === SILENT ? WebSocket.CLOSED : WebSocket.OPEN));
  await until(() => expect(people.map(({ socket }) => socket.readyState)).toEqual(states));
  await server.close();
});

function comeIn(url: string, at: number): Person {
  const socket = new WebSocket(url, { headers: { cookie: 'user=ann' }, autoPong: at !== SILENT });
  const heard = { messages: 0, pings: 0 };
  socket.on('message', () => {
    heard.messages += 1;
  });
  socket.on('ping', () => {
    heard.pings += 1;
  });
  return { socket, heard };
}

/** A socket is read in order: once this is answered, the server has read the pong that left before. */
async function untilRead(socket: WebSocket): Promise<void> {
  const answered = once(socket, 'pong');
  socket.ping();
  await answered;
}
