import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { appendUpdates, UPDATES_CHANNEL } from '../../server/collab/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { countLog, createWorld, type World } from './collab-support/world.ts';

let database: TestDatabase;
let world: World;
let listener: pg.PoolClient;
const heard: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.pool);
  listener = await database.pool.connect();
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await listener.query(`LISTEN ${UPDATES_CHANNEL}`);
});
afterAll(async () => {
  listener.release(true);
  await database.drop();
});

const row = (ticketId: string, words: string) => ({ ticketId, update: Buffer.from(words), authorId: 'ann' });
const append = (rows: ReturnType<typeof row>[], node = 'node') => appendUpdates(database.pool, rows, node);

describe('a batch of updates', () => {
  it('is numbered in its order, whichever tickets it is for', async () => {
    const tickets = [await world.newTicket(), await world.newTicket(), await world.newTicket()];
    const rows = Array.from({ length: 60 }, (_, at) => row(tickets[(at * 2) % 3] ?? '', `update ${at}`));
    await append(rows);
    const stored = await database.pool.query(
      'SELECT ticket_id, update FROM description_updates WHERE ticket_id = ANY($1) ORDER BY seq',
      [tickets],
    );
    expect(stored.rows.map(({ ticket_id, update }) => [ticket_id, update.toString()])).toEqual(
      rows.map(({ ticketId, update }) => [ticketId, update.toString()]),
    );
  });

  it('leaves out, and names no longer, what a ticket that is gone would get', async () => {
    const there = await world.newTicket();
    const gone = randomUUID();
    expect(await append([row(gone, 'a'), row(there, 'b'), row(gone, 'c')])).toEqual([there]);
    expect([await countLog(database.pool, there), await countLog(database.pool, gone)]).toEqual([1, 0]);
    expect(await append([row(gone, 'd')])).toEqual([]);
  });

  it('tells other nodes where its rows are, of hundreds of tickets in several notifications (D10)', async () => {
    const tickets = await Promise.all(Array.from({ length: 450 }, () => world.newTicket()));
    // A node of its own: an announcement of an earlier test may still be on its way.
    await append(
      tickets.map((ticketId) => row(ticketId, 'update')),
      'teller',
    );
    const announced = () => heard.filter((payload) => payload.startsWith('teller '));
    await vi.waitFor(() => expect(announced()).toHaveLength(3));
    const told = announced().map((payload) => payload.split(' '));
    expect(told.flatMap((words) => words.slice(3)).sort()).toEqual(tickets.sort());
    for (const [node, first, last, ...named] of told) {
      const { rows } = await database.pool.query(
        'SELECT count(*)::int FROM description_updates WHERE ticket_id = ANY($1) AND seq BETWEEN $2 AND $3',
        [named, first, last],
      );
      expect([node, rows[0].count]).toEqual(['teller', named.length]);
    }
  });
});
