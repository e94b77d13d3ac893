import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type Client, connectClient, wordsOf } from './collab-support/client.ts';
import { type CollabServer, startCollabServer } from './collab-support/collab-server.ts';
import { countLog, createWorld, storedDocument, type World } from './collab-support/world.ts';

let database: TestDatabase;
let server: CollabServer;
let world: World;
let ticketId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.pool);
  server = await startCollabServer(database.pool);
});
afterAll(async () => {
  await server.close();
  await database.drop();
});
beforeEach(async () => {
  ticketId = await world.newTicket();
});

const connect = (user: string, options?: Parameters<typeof connectClient>[3]): Client =>
  connectClient(server.socketUrl, ticketId, user, options);
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 8_000, interval: 5 });
const untilSaved = (...those: Client[]) =>
  until(() => expect(those.map((client) => client.isSaved())).toEqual(those.map(() => true)));

describe('two people', () => {
  it('type at once and end with one document, which Postgres holds too (D3)', async () => {
    const ann = connect('ann');
    const bob = connect('bob');
    await untilSaved(ann, bob);
    for (let round = 0; round < 50; round += 1) {
      ann.type(`ann ${round}`);
      bob.type(`bob ${round}`);
      await new Promise(setImmediate);
    }
    await untilSaved(ann, bob);
    await until(() => expect(wordsOf(ann.doc)).toBe(wordsOf(bob.doc)));
    expect(ann.doc.getXmlFragment('default').length).toBe(100);
    const stored = await storedDocument(database.pool, ticketId);
    expect(Y.encodeStateAsUpdate(stored)).toEqual(Y.encodeStateAsUpdate(ann.doc));
  });

  it('find the words in the ticket and the snapshot after a pause, and the log kept', async () => {
    const ann = connect('ann');
    ann.type('The quick brown fox');
    await untilSaved(ann);
    await until(async () => {
      const { rows } = await database.pool.query('SELECT description_text FROM tickets WHERE id = $1', [
        ticketId,
      ]);
      expect(rows[0]?.description_text).toBe('The quick brown fox');
    });
    const { rows } = await database.pool.query('SELECT revision FROM tickets WHERE id = $1', [ticketId]);
    expect(rows[0]?.revision).toBe(1);
    expect(await countLog(database.pool, ticketId)).toBeGreaterThan(0);
  });
});

describe('a late joiner', () => {
  it('gets snapshot and later log, deletions included, with and without a state of its own', async () => {
    const ann = connect('ann');
    await untilSaved(ann);
    ann.type('kept');
    ann.type('deleted later');
    await untilSaved(ann);
    await server.collab.compactNow(ticketId);
    const early = Y.encodeStateAsUpdate(ann.doc);
    ann.doc.getXmlFragment('default').delete(1, 1);
    ann.type('after the snapshot');
    await untilSaved(ann);

    const fresh = connect('bob');
    const doc = new Y.Doc();
    Y.applyUpdate(doc, early);
    const returning = connect('bob', { doc });
    await until(() => {
      expect(wordsOf(fresh.doc)).toBe(wordsOf(ann.doc));
      expect(wordsOf(returning.doc)).toBe(wordsOf(ann.doc));
    });
    expect(fresh.provider.synced).toBe(true);
  });

  it('has everything when its provider says synced, also with snapshot and log', async () => {
    const ann = connect('ann');
    await untilSaved(ann);
    ann.type('one');
    await untilSaved(ann);
    await server.collab.compactNow(ticketId);
    ann.type('two');
    await untilSaved(ann);
    const bob = connect('bob');
    const atSync = await new Promise<string>((resolve) =>
      bob.provider.once('sync', () => resolve(wordsOf(bob.doc))),
    );
    expect(atSync).toBe(wordsOf(ann.doc));
  });

  it('who knows everything adds no row to the log, and is told that all of it is durable', async () => {
    const ann = connect('ann');
    ann.type('words');
    ann.doc.getXmlFragment('default').delete(0, 1);
    ann.type('more words');
    await untilSaved(ann);
    await server.collab.compactNow(ticketId);
    const before = await countLog(database.pool, ticketId);
    ann.provider.disconnect();
    ann.provider.connect();
    await untilSaved(ann);
    expect(await countLog(database.pool, ticketId)).toBe(before);
  });
});

describe('the acknowledgement', () => {
  it('covers pure deletions, which move no clock (D2)', async () => {
    const ann = connect('ann');
    ann.type('goes away');
    await untilSaved(ann);
    const before = Y.encodeStateVector(ann.doc);
    const rows = await countLog(database.pool, ticketId);
    ann.doc.getXmlFragment('default').delete(0, 1);
    expect(ann.isSaved()).toBe(false);
    await untilSaved(ann);
    expect(Y.encodeStateVector(ann.doc)).toEqual(before);
    expect(await countLog(database.pool, ticketId)).toBe(rows + 1);
    expect(wordsOf(await storedDocument(database.pool, ticketId))).toBe('');
  });

  it('covers what was written without a connection, once it is stored', async () => {
    const ann = connect('ann', { connect: false });
    ann.type('written offline');
    expect(ann.isSaved()).toBe(false);
    ann.provider.connect();
    await untilSaved(ann);
    expect(wordsOf(await storedDocument(database.pool, ticketId))).toContain('written offline');
  });

  it('waits while Postgres does not store, and comes when it does', async () => {
    const ann = connect('ann');
    await untilSaved(ann);
    const blocker = await database.pool.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE description_updates IN EXCLUSIVE MODE');
    const bob = connect('bob');
    await until(() => expect(bob.provider.synced).toBe(true));
    ann.type('waiting');
    // The other sees it before it is durable (D2).
    await until(() => expect(wordsOf(bob.doc)).toContain('waiting'));
    expect(ann.isSaved()).toBe(false);
    await blocker.query('COMMIT');
    blocker.release();
    await untilSaved(ann);
  });

  it('of an update whose base is missing waits for the answer to the question back', async () => {
    const ann = connect('ann');
    await untilSaved(ann);
    // What the server never hears of, as after a message that was lost on the way.
    ann.provider.doc.off('update', ann.provider._updateHandler);
    ann.type('unheard');
    ann.provider.doc.on('update', ann.provider._updateHandler);
    ann.type('heard');
    await untilSaved(ann);
    const stored = await storedDocument(database.pool, ticketId);
    expect(wordsOf(stored)).toBe(wordsOf(ann.doc));
    const { rows } = await database.pool.query(
      'SELECT update FROM description_updates WHERE ticket_id = $1',
      [ticketId],
    );
    expect(rows.length).toBeLessThanOrEqual(2);
  });
});

describe('compaction', () => {
  it('leaves out an update that does not apply, keeps its row, and goes on', async () => {
    const ann = connect('ann');
    ann.type('good');
    await untilSaved(ann);
    await database.pool.query(
      'INSERT INTO description_updates (ticket_id, update, author_id) VALUES ($1, $2, $3)',
      [ticketId, Buffer.from([1, 2, 3, 255, 255]), 'ann'],
    );
    ann.type('also good');
    await untilSaved(ann);
    await server.collab.compactNow(ticketId);
    const { rows } = await database.pool.query('SELECT snapshot, upto FROM descriptions WHERE id = $1', [
      ticketId,
    ]);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, rows[0]?.snapshot);
    expect(wordsOf(doc)).toBe(wordsOf(ann.doc));
    const log = await database.pool.query(
      'SELECT max(seq) AS last FROM description_updates WHERE ticket_id = $1',
      [ticketId],
    );
    expect(rows[0]?.upto).toBe(log.rows[0]?.last);
  });
});

describe('a document schema newer than the editor (D7)', () => {
  it('may be read, not written', async () => {
    const ann = connect('ann', { params: { schema: '2' } });
    await untilSaved(ann);
    ann.type('new kind of node');
    await untilSaved(ann);
    const bob = connect('bob', { params: { schema: '1' } });
    await until(() => expect(wordsOf(bob.doc)).toBe(wordsOf(ann.doc)));
    bob.type('by the old editor');
    await until(() => expect(bob.closes).toEqual([4426]));
    expect(wordsOf(await storedDocument(database.pool, ticketId))).toBe(wordsOf(ann.doc));
  });
});
