import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createLeftovers } from '../../server/collab/leftovers.ts';
import { appendUpdates, UPDATES_CHANNEL } from '../../server/collab/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type Client, connectClient, wordsOf } from './collab-support/client.ts';
import { startCollabServer } from './collab-support/collab-server.ts';
import { type NodeProcess, startNode } from './collab-support/node-process.ts';
import { createWorld, storedDocument, type World } from './collab-support/world.ts';

let database: TestDatabase;
let world: World;
const nodes: NodeProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.pool);
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.kill()));
});
afterAll(() => database.drop());

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 5 });
const start = async (name: string): Promise<NodeProcess> => {
  const node = await startNode(database.url, name);
  nodes.push(node);
  return node;
};
const connect = (socketUrl: string, ticketId: string, user: string, doc?: Y.Doc): Client =>
  connectClient(socketUrl, ticketId, user, doc ? { doc } : {});

/** What the people in the room show, themselves included, in the order of their carets' names. */
const caretsSeenBy = ({ provider }: Client): unknown[] =>
  [...provider.awareness.getStates().values()].map(({ caret }) => caret).sort();

describe('a server killed with -9 under load', () => {
  it.each([1, 2])('has lost no update that it acknowledged (D1), round %i', async () => {
    const node = await start('doomed');
    const tickets = await Promise.all(Array.from({ length: 5 }, () => world.newTicket()));
    const writers = tickets.flatMap((ticketId) =>
      ['ann', 'bob'].map((user) => ({
        ticketId,
        user,
        client: connect(node.socketUrl, ticketId, user),
        frames: new Map<number, string>(),
      })),
    );
    await until(() => expect(writers.every(({ client }) => client.isSaved())).toBe(true));
    const typing = setInterval(() => {
      for (const { client, user, frames } of writers) {
        const words = `${user}-${frames.size}.`;
        client.type(words);
        frames.set(client.sent, words);
      }
    }, 2);
    await until(() => expect(writers.every(({ client }) => client.acknowledged > 60)).toBe(true));
    await node.kill();
    clearInterval(typing);
    for (const { ticketId, client, frames } of writers) {
      // Its last acknowledgement counts for the connection that was cut.
      const stored = wordsOf(await storedDocument(database.pool, ticketId));
      const acknowledged = [...frames].filter(([frame]) => frame <= client.lastAcknowledged);
      expect(acknowledged.length).toBeGreaterThan(50);
      for (const [, words] of acknowledged) expect(stored).toContain(words);
    }
  });

  it('gets the rest from the clients that return, and folds what the crash left', async () => {
    const ticketId = await world.newTicket();
    const node = await start('doomed');
    const ann = connect(node.socketUrl, ticketId, 'ann');
    ann.type('before');
    await until(() => expect(ann.isSaved()).toBe(true));
    await node.kill();
    ann.type('while nobody listened');
    const next = await startCollabServer(database.pool, { node: 'next' });
    await until(async () => {
      const { rows } = await database.pool.query('SELECT description_text FROM tickets WHERE id = $1', [
        ticketId,
      ]);
      expect(rows[0]?.description_text).toBe('before');
    });
    const back = connect(next.socketUrl, ticketId, 'ann', ann.doc);
    await until(() => expect(back.isSaved()).toBe(true));
    expect(wordsOf(await storedDocument(database.pool, ticketId))).toContain('while nobody listened');
    await next.close();
  });
});

describe('a server that stops', () => {
  it('stores and folds what has come in', async () => {
    const ticketId = await world.newTicket();
    const server = await startCollabServer(database.pool);
    const ann = connect(server.socketUrl, ticketId, 'ann');
    await until(() => expect(ann.isSaved()).toBe(true));
    const bob = connect(server.socketUrl, ticketId, 'bob');
    await until(() => expect(bob.isSaved()).toBe(true));
    ann.type('last words');
    await until(() => expect(wordsOf(bob.doc)).toContain('last words'));
    await server.close();
    expect(wordsOf(await storedDocument(database.pool, ticketId))).toContain('last words');
    const { rows } = await database.pool.query('SELECT description_text FROM tickets WHERE id = $1', [
      ticketId,
    ]);
    expect(rows[0]?.description_text).toBe('last words');
  });
});

describe('Postgres that cuts every connection', () => {
  it('again and again costs nothing: all is stored and acknowledged in the end (D1)', async () => {
    const ticketId = await world.newTicket();
    const server = await startCollabServer(database.pool);
    const ann = connect(server.socketUrl, ticketId, 'ann');
    const bob = connect(server.socketUrl, ticketId, 'bob');
    await until(() => expect([ann.isSaved(), bob.isSaved()]).toEqual([true, true]));
    for (let round = 0; round < 3; round += 1) {
      for (let at = 0; at < 20; at += 1) ann.type(`ann ${round}.${at}`);
      bob.type(`bob ${round}`);
      await database.pool
        .query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()')
        .catch(() => undefined);
      await until(() => expect([ann.isSaved(), bob.isSaved()]).toEqual([true, true]));
    }
    await until(() => expect(wordsOf(ann.doc)).toBe(wordsOf(bob.doc)));
    const stored = await storedDocument(database.pool, ticketId);
    expect(Y.encodeStateAsUpdate(stored)).toEqual(Y.encodeStateAsUpdate(ann.doc));
    expect(stored.getXmlFragment('default').length).toBe(63);
    await server.close();
  });
});

describe('several nodes (D10)', () => {
  const shownTo = (client: Client, other: Client) =>
    client.provider.awareness.getStates().get(other.doc.clientID)?.user?.name;

  it('show who is where, also to those who come later, and forget who leaves', async () => {
    const ticketId = await world.newTicket();
    const [one, two] = await Promise.all([
      startCollabServer(database.pool, { node: 'one' }),
      startCollabServer(database.pool, { node: 'two' }),
    ]);
    const ann = connect(one.socketUrl, ticketId, 'ann');
    ann.provider.awareness.setLocalStateField('user', { name: 'Somebody', color: '#123456' });
    await until(() => expect(ann.isSaved()).toBe(true));
    const bob = connect(two.socketUrl, ticketId, 'bob');
    bob.provider.awareness.setLocalStateField('user', { name: 'Ann', color: '#654321' });
    await until(() => expect([shownTo(bob, ann), shownTo(ann, bob)]).toEqual(['Ann', 'Bob']));
    ann.provider.awareness.setLocalStateField('cursor', { anchor: 7 });
    await until(() =>
      expect(bob.provider.awareness.getStates().get(ann.doc.clientID)?.cursor).toEqual({ anchor: 7 }),
    );
    ann.provider.disconnect();
    await until(() => expect(shownTo(bob, ann)).toBeUndefined());
    // To another node, with the same client id: shown again at once.
    const moved = connect(two.socketUrl, ticketId, 'ann', ann.doc);
    moved.provider.awareness.setLocalStateField('user', { color: '#123456' });
    await until(() => expect(shownTo(bob, ann)).toBe('Ann'));
    await Promise.all([one.close(), two.close()]);
  });

  it('fold one log at once while people write, and every snapshot is whole (D3)', async () => {
    const ticketId = await world.newTicket();
    const servers = await Promise.all(
      ['one', 'two', 'three'].map((node) => startCollabServer(database.pool, { node })),
    );
    const writers = servers.map(({ socketUrl }, at) =>
      connect(socketUrl, ticketId, at === 0 ? 'ann' : 'bob'),
    );
    await until(() => expect(writers.every((client) => client.isSaved())).toBe(true));
    for (let round = 0; round < 15; round += 1) {
      for (const [at, client] of writers.entries()) client.type(`round ${round} writer ${at}.`);
      await Promise.all(servers.map(({ collab }) => collab.compactNow(ticketId)));
      expect(await missingFromSnapshot(ticketId)).toEqual([]);
    }
    await until(() => expect(writers.every((client) => client.isSaved())).toBe(true));
    await Promise.all(servers.map(({ collab }) => collab.compactNow(ticketId)));
    const { rows } = await database.pool.query('SELECT snapshot FROM descriptions WHERE id = $1', [ticketId]);
    const folded = new Y.Doc();
    Y.applyUpdate(folded, rows[0]?.snapshot);
    expect(folded.getXmlFragment('default').length).toBe(45);
    await Promise.all(servers.map((server) => server.close()));
  });

  /** Log rows that the snapshot claims to hold and does not. */
  async function missingFromSnapshot(ticketId: string): Promise<number[]> {
    const { rows } = await database.pool.query(
      `SELECT u.seq, u.update, d.snapshot FROM descriptions d JOIN description_updates u
       ON u.ticket_id = d.id AND u.seq <= d.upto WHERE d.id = $1 ORDER BY u.seq`,
      [ticketId],
    );
    const doc = new Y.Doc();
    if (rows[0]) Y.applyUpdate(doc, rows[0].snapshot);
    const held = Y.snapshot(doc);
    return rows.filter((row) => !Y.snapshotContainsUpdate(held, row.update)).map((row) => row.seq);
  }

  it('close the sockets of whoever loses access, on every node (D8)', async () => {
    const ticketId = await world.newTicket();
    const servers = [
      await startCollabServer(database.pool, { node: 'here' }),
      await startCollabServer(database.pool, { node: 'there' }),
    ];
    const bobs = servers.map((server) => connect(server.socketUrl, ticketId, 'bob'));
    await until(() => expect(bobs.map((bob) => bob.isSaved())).toEqual([true, true]));
    await database.pool.query("DELETE FROM members WHERE user_id = 'bob'");
    await until(() => expect(bobs.map(({ closes }) => closes)).toEqual([[4403], [4403]]));
    await database.pool.query(
      "INSERT INTO members (project_id, user_id, role) VALUES ($1, 'bob', 'member')",
      [world.projectId],
    );
    await Promise.all(servers.map((server) => server.close()));
  });

  it('show what one of another version stored, whose words they do not understand', async () => {
    const ticketId = await world.newTicket();
    const server = await startCollabServer(database.pool, { node: 'today' });
    const ann = connect(server.socketUrl, ticketId, 'ann');
    await until(() => expect(ann.isSaved()).toBe(true));
    const other = new Y.Doc();
    other.getXmlFragment('default').insert(0, [new Y.XmlText('from another version')]);
    await database.pool.query(
      "INSERT INTO description_updates (ticket_id, update, author_id) VALUES ($1, $2, 'bob')",
      [ticketId, Y.encodeStateAsUpdate(other)],
    );
    await database.pool.query('SELECT pg_notify($1, $2)', [
      UPDATES_CHANNEL,
      `tomorrow {"of": "${ticketId}"}`,
    ]);
    await until(() => expect(wordsOf(ann.doc)).toContain('from another version'));
    await server.close();
  });

  it('fold what a killed one left, without an edit or a start', async () => {
    const ticketId = await world.newTicket();
    const survivor = await startCollabServer(database.pool, {
      node: 'survivor',
      leftovers: { everyMs: 50, ageMs: 100 },
    });
    const doomed = await start('doomed');
    const ann = connect(doomed.socketUrl, ticketId, 'ann');
    await until(() => expect(ann.isSaved()).toBe(true));
    ann.type('left behind');
    await until(() => expect(ann.isSaved()).toBe(true));
    await doomed.kill();
    await until(async () => {
      const { rows } = await database.pool.query('SELECT description_text FROM tickets WHERE id = $1', [
        ticketId,
      ]);
      expect(rows[0]?.description_text).toBe('left behind');
    });
    await survivor.close();
  });

  it('leave a log to the one where somebody writes in it right now', async () => {
    const written = await world.newTicket();
    const abandoned = await world.newTicket();
    const folded: string[] = [];
    const leftovers = createLeftovers({
      pool: database.pool,
      log: pino({ level: 'silent' }),
      timing: { everyMs: 20, ageMs: 50 },
      isWritten: (ticketId) => ticketId === written,
      compact: (ticketId) => folded.push(ticketId),
    });
    await leftovers.start();
    const update = Y.encodeStateAsUpdate(new Y.Doc());
    const rows = [written, abandoned].map((ticketId) => ({ ticketId, update, authorId: 'ann' }));
    await appendUpdates(database.pool, rows, 'ended');
    const looks = () => folded.filter((ticketId) => ticketId === abandoned).length;
    await until(() => expect(looks()).toBeGreaterThan(1));
    leftovers.stop();
    expect(folded).not.toContain(written);
  });

  it('serve one document; one after another is killed, nothing is lost, and people still see each other', async () => {
    const ticketId = await world.newTicket();
    const three = await Promise.all(['n1', 'n2', 'n3'].map(start));
    const writers = three.map((node, at) => connect(node.socketUrl, ticketId, at === 0 ? 'ann' : 'bob'));
    await until(() => expect(writers.every((client) => client.isSaved())).toBe(true));
    const same = () => new Set(writers.map((client) => wordsOf(client.doc))).size;
    const show = (at: number, caret: string) =>
      writers[at]?.provider.awareness.setLocalState({ user: { color: '#102030' }, caret });
    const carets = ['a', 'b', 'c'];
    for (const [at, caret] of carets.entries()) show(at, caret);
    const seeEachOther = () => {
      const inOrder = carets.toSorted();
      expect(writers.map(caretsSeenBy)).toEqual([inOrder, inOrder, inOrder]);
    };
    await until(seeEachOther);
    for (const [round, node] of three.entries()) {
      for (const [at, client] of writers.entries()) client.type(`round ${round} writer ${at}.`);
      await until(() => expect(writers.every((client) => client.isSaved())).toBe(true));
      await until(() => expect(same()).toBe(1));
      await node.kill();
      const lost = writers[round];
      if (!lost) throw new Error('There are three of each.');
      lost.provider.disconnect();
      lost.type(`offline ${round}.`);
      const replacement = await start(`n${round + 4}`);
      three[round] = replacement;
      lost.provider.serverUrl = replacement.socketUrl;
      lost.provider.connect();
      carets[round] = `moved ${round}`;
      show(round, carets[round]);
      await until(() => expect(writers.every((client) => client.isSaved())).toBe(true));
      await until(() => expect(same()).toBe(1));
      await until(seeEachOther);
    }
    const stored = await storedDocument(database.pool, ticketId);
    expect(wordsOf(stored)).toBe(wordsOf(writers[0]?.doc ?? new Y.Doc()));
    expect(stored.getXmlFragment('default').length).toBe(12);
  }, 120_000);
});
