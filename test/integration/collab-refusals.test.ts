import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { awarenessFrame, step2Frame, updateFrame } from '../../server/collab/frames.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type Client, connectClient, wordsOf } from './collab-support/client.ts';
import { type CollabServer, startCollabServer } from './collab-support/collab-server.ts';
import { connectRaw, type RawClient } from './collab-support/raw-client.ts';
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

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 8_000, interval: 5 });
const connect = (
  user: string | null,
  options?: Parameters<typeof connectClient>[3],
  ticket = ticketId,
): Client => connectClient(server.socketUrl, ticket, user, options);
const raw = (user: string | null): Promise<RawClient> => connectRaw(server.socketUrl, ticketId, user);
const saved = async (client: Client): Promise<Client> => {
  await until(() => expect(client.isSaved()).toBe(true));
  return client;
};
const updateOf = (words: string): Uint8Array => {
  const doc = new Y.Doc();
  doc.getXmlFragment('default').push([new Y.XmlText(words)]);
  return Y.encodeStateAsUpdate(doc);
};

describe('who may come in', () => {
  it.each([
    ['an outsider', 'olga', 4403],
    ['somebody signed out', null, 4401],
  ])('%s is told so, and stops trying (D8)', async (_, user, code) => {
    const client = connect(user);
    await until(() => expect(client.closes).toEqual([code]));
    expect(client.provider.shouldConnect).toBe(false);
  });

  it('nobody opens a ticket that is unknown, in the trash, or no id at all', async () => {
    const trashed = await world.newTicket();
    await database.pool.query('UPDATE tickets SET deleted_at = now() WHERE id = $1', [trashed]);
    for (const ticket of [randomUUID(), trashed, 'no-id']) {
      const client = connect('ann', {}, ticket);
      await until(() => expect(client.closes).toEqual([4410]));
    }
  });

  it('no page of another site', async () => {
    const socket = new WebSocket(`${server.socketUrl}/${ticketId}`, {
      headers: { cookie: 'user=ann', origin: 'https://elsewhere.example' },
    });
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toContain('403');
  });
});

describe('a viewer (D8)', () => {
  it('reads along and may connect with content that everybody knows', async () => {
    const ann = await saved(connect('ann'));
    ann.type('for all to read');
    ann.type('deleted');
    ann.doc.getXmlFragment('default').delete(1, 1);
    await saved(ann);
    await server.collab.compactNow(ticketId);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(ann.doc));
    const vic = await saved(connect('vic', { doc }));
    ann.type('and this');
    await until(() => expect(wordsOf(vic.doc)).toBe(wordsOf(ann.doc)));
    expect(vic.closes).toEqual([]);
    expect(vic.denials).toEqual([]);
  });

  it('who brings text of their own hears no, reads on, and leaves no trace', async () => {
    const ann = await saved(connect('ann'));
    const doc = new Y.Doc();
    doc.getXmlFragment('default').push([new Y.XmlText('not allowed')]);
    const vic = connect('vic', { doc });
    await until(() => expect(vic.denials).toHaveLength(1));
    ann.type('still here');
    await saved(ann);
    await until(() => expect(wordsOf(vic.doc)).toContain('still here'));
    expect(vic.isSaved()).toBe(false);
    expect(wordsOf(ann.doc)).not.toContain('not allowed');
    expect(wordsOf(await storedDocument(database.pool, ticketId))).not.toContain('not allowed');
  });

  it('who types is told and closed, and nothing is stored or relayed', async () => {
    const ann = await saved(connect('ann'));
    const vic = await saved(connect('vic'));
    vic.type('not allowed');
    await until(() => expect(vic.closes).toEqual([4405]));
    ann.type('later');
    await saved(ann);
    expect(wordsOf(ann.doc)).not.toContain('not allowed');
    expect(await countLog(database.pool, ticketId)).toBe(1);
  });
});

describe('an open socket (D8)', () => {
  const within = async (what: () => Promise<unknown>, client: Client, code: number) => {
    const from = performance.now();
    await what();
    await until(() => expect(client.closes).toEqual([code]));
    expect(performance.now() - from).toBeLessThan(1_000);
  };
  const setRole = (role: string) =>
    database.pool.query('UPDATE members SET role = $1 WHERE user_id = $2', [role, 'bob']);

  it('closes within a second when its person is no longer a member', async () => {
    const bob = await saved(connect('bob'));
    const ann = await saved(connect('ann'));
    await within(() => database.pool.query("DELETE FROM members WHERE user_id = 'bob'"), bob, 4403);
    expect(ann.closes).toEqual([]);
    await database.pool.query(
      "INSERT INTO members (project_id, user_id, role) VALUES ($1, 'bob', 'member')",
      [world.projectId],
    );
  });

  it('closes within a second when its ticket goes to the trash, or for good', async () => {
    const ann = await saved(connect('ann'));
    await within(
      () => database.pool.query('UPDATE tickets SET deleted_at = now() WHERE id = $1', [ticketId]),
      ann,
      4410,
    );
    ticketId = await world.newTicket();
    const bob = await saved(connect('bob'));
    await within(() => database.pool.query('DELETE FROM tickets WHERE id = $1', [ticketId]), bob, 4410);
  });

  it('loses and regains the right to write without closing', async () => {
    const bob = await saved(connect('bob'));
    await setRole('viewer');
    await until(() => expect(bob.denials).toHaveLength(1));
    const sent = bob.sent;
    await setRole('member');
    // The server asks for what it refused in the meantime.
    await until(() => expect(bob.sent).toBe(sent + 1));
    bob.type('may write again');
    await saved(bob);
    expect(bob.closes).toEqual([]);
  });

  it('is judged again after the connection that listens was lost', async () => {
    const bob = await saved(connect('bob'));
    await database.pool.query('ALTER TABLE members DISABLE TRIGGER members_access');
    await database.pool.query("UPDATE members SET role = 'viewer' WHERE user_id = 'bob'");
    await database.pool.query('ALTER TABLE members ENABLE TRIGGER members_access');
    await database.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()",
    );
    await until(() => expect(bob.denials).toHaveLength(1));
    await setRole('member');
  });
});

describe('hostile clients (D9)', () => {
  it.each([
    ['random bytes', () => crypto.getRandomValues(new Uint8Array(200)).fill(250, 0, 1), 4400],
    ['an unknown message', () => new Uint8Array([77, 1, 2]), 4400],
    ['a truncated update', () => updateFrame(updateOf('hello').slice(0, -4)), 4400],
    ['an update of random bytes', () => updateFrame(new Uint8Array([9, 9, 9, 9, 9, 9])), 4400],
    ['an awareness state that is no JSON', () => awarenessFrame([{ client: 1, clock: 1, json: '{' }]), 4400],
    [
      'an awareness state that is no object',
      () => awarenessFrame([{ client: 1, clock: 1, json: '7' }]),
      4400,
    ],
    ['more than 1 MiB', () => updateFrame(updateOf('x'.repeat(1024 * 1024))), 4413],
  ])('who sends %s is closed, and others notice nothing', async (_, frame, code) => {
    const ann = await saved(connect('ann'));
    const mallory = await raw('bob');
    mallory.send(frame());
    expect(await mallory.closed).toBe(code);
    ann.type('undisturbed');
    await saved(ann);
    expect(ann.closes).toEqual([]);
  });

  it('who floods is closed, and others notice nothing', async () => {
    const ann = await saved(connect('ann'));
    const mallory = await raw('bob');
    const frame = updateFrame(updateOf('again'));
    for (let sent = 0; sent < 10_000; sent += 1) mallory.send(frame);
    expect(await mallory.closed).toBe(4429);
    ann.type('undisturbed');
    await saved(ann);
    expect(ann.closes).toEqual([]);
  });

  it('an update with a gap is answered with a question, and not stored or relayed', async () => {
    const ann = await saved(connect('ann'));
    const mallory = await raw('bob');
    const doc = new Y.Doc();
    doc.getXmlFragment('default').push([new Y.XmlText('base')]);
    const base = Y.encodeStateVector(doc);
    doc.getXmlFragment('default').push([new Y.XmlText('rest')]);
    await until(() => expect(mallory.frames.some((frame) => frame[0] === 0 && frame[1] === 0)).toBe(true));
    const questions = () => mallory.frames.filter((frame) => frame[0] === 0 && frame[1] === 0).length;
    const before = questions();
    mallory.send(updateFrame(Y.encodeStateAsUpdate(doc, base)));
    await until(() => expect(questions()).toBe(before + 1));
    expect(await countLog(database.pool, ticketId)).toBe(0);
    mallory.send(step2Frame(Y.encodeStateAsUpdate(doc)));
    await until(() => expect(wordsOf(ann.doc)).toBe('baserest'));
  });

  it('of a step 2 with a gap only the part that can be used is stored', async () => {
    const ann = await saved(connect('ann'));
    const broken = new Y.Doc();
    broken.getXmlFragment('default').push([new Y.XmlText('usable')]);
    const other = new Y.Doc();
    other.getXmlFragment('default').push([new Y.XmlText('lost')]);
    const base = Y.encodeStateVector(other);
    other.getXmlFragment('default').push([new Y.XmlText('hanging')]);
    Y.applyUpdate(broken, Y.encodeStateAsUpdate(other, base));
    const bob = connect('bob', { doc: broken });
    await until(() => expect(wordsOf(ann.doc)).toBe('usable'));
    await until(() => expect(bob.denials).toHaveLength(1));
    expect(bob.isSaved()).toBe(false);
    bob.doc.getXmlFragment('default').push([new Y.XmlText(' and on')]);
    await until(() => expect(wordsOf(ann.doc)).toBe('usable and on'));
    expect((await storedDocument(database.pool, ticketId)).store.pendingStructs).toBeNull();
  });

  it('nobody appears as somebody else', async () => {
    const ann = await saved(connect('ann'));
    ann.provider.awareness.setLocalStateField('user', { name: 'Bob', color: '#123456', id: 'bob' });
    const bob = await saved(connect('bob'));
    const annAsSeen = () => bob.provider.awareness.getStates().get(ann.doc.clientID)?.user;
    await until(() => expect(annAsSeen()).toEqual({ id: 'ann', name: 'Ann', color: '#123456' }));
    const mallory = await raw('vic');
    mallory.send(awarenessFrame([{ client: ann.doc.clientID, clock: 99, json: '{"user":{"name":"Ann"}}' }]));
    mallory.send(awarenessFrame([{ client: ann.doc.clientID, clock: 100, json: 'null' }]));
    mallory.send(awarenessFrame([{ client: 5, clock: 1, json: '{"user":{"name":"Ann"}}' }]));
    await until(() => expect(bob.provider.awareness.getStates().get(5)?.user.name).toBe('Vic'));
    expect(annAsSeen()).toEqual({ id: 'ann', name: 'Ann', color: '#123456' });
    ann.destroy();
    await until(() => expect(annAsSeen()).toBeUndefined());
  });

  it('10,000 frames of all kinds end in no crash, and one document for everybody else', async () => {
    const ann = await saved(connect('ann'));
    const real = updateOf('words');
    for (let round = 0; round < 100; round += 1) {
      const mallory = await raw(round % 2 === 0 ? 'bob' : 'vic');
      for (let at = 0; at < 100; at += 1) {
        const bytes =
          round % 3 === 0 ? crypto.getRandomValues(new Uint8Array(1 + at)) : real.slice(0, at % real.length);
        mallory.send(at % 2 === 0 ? updateFrame(bytes) : step2Frame(bytes));
      }
      expect(Math.floor((await mallory.closed) / 100)).toBe(44);
    }
    ann.type('undisturbed');
    await saved(ann);
    expect(ann.closes).toEqual([]);
    expect(wordsOf(await storedDocument(database.pool, ticketId))).toBe(wordsOf(ann.doc));
  });
});

describe('the description over HTTP', () => {
  const get = (path: string, user: string | null) =>
    fetch(`${server.httpUrl}/api/tickets/${path}`, {
      headers: user === null ? {} : { cookie: `user=${user}` },
    });

  it('gives the durable state in each form', async () => {
    const ann = await saved(connect('ann'));
    ann.type('in words');
    await saved(ann);
    expect(await (await get(`${ticketId}/description?format=text`, 'vic')).text()).toBe('in words');
    expect((await (await get(`${ticketId}/description?format=markdown`, 'vic')).text()).trim()).toBe(
      'in words',
    );
    const json = await (await get(`${ticketId}/description?format=json`, 'vic')).json();
    expect(json).toMatchObject({ type: 'doc', content: [{ type: 'paragraph' }] });
    const update = new Uint8Array(
      await (await get(`${ticketId}/description?format=update`, 'vic')).arrayBuffer(),
    );
    expect(update).toEqual(Y.encodeStateAsUpdate(ann.doc));
  });

  it.each([
    ['a number that JSON has not', ['json'], (outer: Y.XmlElement) => outer.push([headingOfLevel(1n)])],
    ['blocks in blocks without end', ['json', 'markdown'], nestDeeply],
  ])('says so where it holds %s, and gives its words all the same', async (_, formats, write) => {
    const ann = await saved(connect('ann'));
    ann.type('in words');
    const outer = new Y.XmlElement('blockquote');
    ann.doc.transact(() => {
      ann.doc.getXmlFragment('default').push([outer]);
      write(outer);
    });
    await saved(ann);
    for (const format of formats) {
      const answer = await get(`${ticketId}/description?format=${format}`, 'vic');
      expect([answer.status, await answer.json()]).toMatchObject([422, { error: { code: 'unreadable' } }]);
    }
    expect(await (await get(`${ticketId}/description?format=text`, 'vic')).text()).toContain('in words');
    expect((await get(`${ticketId}/description?format=update`, 'vic')).status).toBe(200);
  });

  it.each([
    ['an unknown form', () => `${ticketId}/description?format=pdf`, 'ann', 400],
    ['nobody signed in', () => `${ticketId}/description`, null, 401],
    ['an outsider', () => `${ticketId}/description`, 'olga', 403],
    ['an unknown ticket', () => `${randomUUID()}/description`, 'ann', 404],
    ['no id', () => 'what/description', 'ann', 404],
  ])('answers %s with an error in JSON', async (_, path, user, status) => {
    const response = await get(path(), user);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
  });
});

describe('an update that is too large for the socket', () => {
  const post = (user: string | null, update: Uint8Array, query = '?schema=2') =>
    fetch(`${server.httpUrl}/api/tickets/${ticketId}/description${query}`, {
      method: 'POST',
      body: Buffer.from(update),
      headers: {
        'content-type': 'application/octet-stream',
        ...(user === null ? {} : { cookie: `user=${user}` }),
      },
    });
  const codeOf = async (response: Response) => {
    const body: unknown = await response.json();
    return [response.status, body];
  };

  it('is taken over HTTP, shown to others, and durable when answered (D1, D9)', async () => {
    const ann = await saved(connect('ann'));
    const words = 'long ago '.repeat(500_000);
    const update = updateOf(words);
    expect(update.length).toBeGreaterThan(4 * 1024 * 1024);
    expect(await codeOf(await post('bob', update))).toEqual([200, { durable: true }]);
    expect(wordsOf(await storedDocument(database.pool, ticketId))).toBe(words);
    await until(() => expect(wordsOf(ann.doc)).toBe(words));
    expect(await codeOf(await post('bob', update))).toEqual([200, { durable: true }]);
    expect(await countLog(database.pool, ticketId)).toBe(1);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    const back = await saved(connect('bob', { doc }));
    expect(back.closes).toEqual([]);
  });

  it.each([
    ['nobody signed in', null, () => updateOf('x'), 401, 'signedOut'],
    ['an outsider', 'olga', () => updateOf('x'), 403, 'noAccess'],
    ['a viewer (D8)', 'vic', () => updateOf('x'), 403, 'readOnly'],
    ['what is no update', 'ann', () => new Uint8Array([9, 9, 9, 9]), 400, 'malformed'],
  ])('is refused from %s, with nothing stored', async (_, user, update, status, code) => {
    const [answered, body] = await codeOf(await post(user, update()));
    expect(answered).toBe(status);
    expect(body).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(await countLog(database.pool, ticketId)).toBe(0);
  });

  it('is refused from an editor older than the document (D7), and beyond 10 MiB', async () => {
    expect((await post('ann', updateOf('new'))).status).toBe(200);
    const [status, body] = await codeOf(await post('bob', updateOf('old'), '?schema=1'));
    expect([status, body]).toMatchObject([409, { error: { code: 'editorTooOld' } }]);
    expect((await post('ann', new Uint8Array(10 * 1024 * 1024 + 1))).status).toBe(413);
    expect(await countLog(database.pool, ticketId)).toBe(1);
  });

  it('is refused beyond 10 MiB also when it does not say how long it is (D9)', async () => {
    const chunk = new Uint8Array(1024 * 1024);
    let chunks = 0;
    const body = new ReadableStream({
      pull: (stream) => (chunks++ < 12 ? stream.enqueue(chunk) : stream.close()),
    });
    const headers = { 'content-type': 'application/octet-stream', cookie: 'user=ann' };
    const address = `${server.httpUrl}/api/tickets/${ticketId}/description?schema=2`;
    const endless: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' };
    const status = await fetch(address, endless).then(
      (response) => response.status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(status);
    expect(await countLog(database.pool, ticketId)).toBe(0);
  });

  it('of a ticket that went to the trash or a project that was left is refused, and nothing is stored', async () => {
    const { pool } = database;
    await pool.query('UPDATE tickets SET deleted_at = now() WHERE id = $1', [ticketId]);
    expect(await codeOf(await post('ann', updateOf('x')))).toMatchObject([404, { error: { code: 'gone' } }]);
    await pool.query('UPDATE tickets SET deleted_at = NULL WHERE id = $1', [ticketId]);
    await pool.query("DELETE FROM members WHERE user_id = 'bob'");
    expect(await codeOf(await post('bob', updateOf('x')))).toMatchObject([
      403,
      { error: { code: 'noAccess' } },
    ]);
    expect(await countLog(pool, ticketId)).toBe(0);
    await pool.query("INSERT INTO members (project_id, user_id, role) VALUES ($1, 'bob', 'member')", [
      world.projectId,
    ]);
  });

  it('with a gap is stored as far as it can be, and says so', async () => {
    const doc = new Y.Doc();
    doc.getXmlFragment('default').push([new Y.XmlText('base')]);
    const base = Y.encodeStateVector(doc);
    doc.getXmlFragment('default').push([new Y.XmlText('rest')]);
    const [status, body] = await codeOf(await post('ann', Y.encodeStateAsUpdate(doc, base)));
    expect([status, body]).toMatchObject([409, { error: { code: 'incomplete' } }]);
    expect(await countLog(database.pool, ticketId)).toBe(0);
  });
});

/** Whatever the types allow: a program is not held to them. */
function headingOfLevel(level: unknown): Y.XmlElement {
  const heading = new Y.XmlElement('heading');
  Reflect.apply(Y.XmlElement.prototype.setAttribute, heading, ['level', level]);
  return heading;
}

function nestDeeply(element: Y.XmlElement): void {
  let outer = element;
  for (let depth = 0; depth < 30_000; depth += 1) {
    const inner = new Y.XmlElement('blockquote');
    outer.push([inner]);
    outer = inner;
  }
}
