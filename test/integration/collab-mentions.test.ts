import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { type Client, connectClient } from './collab-support/client.ts';
import { type CollabServer, startCollabServer } from './collab-support/collab-server.ts';
import { createWorld, type World } from './collab-support/world.ts';

let database: TestDatabase;
let nodes: CollabServer[];
let world: World;
let ticketId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.pool);
  nodes = [
    await startCollabServer(database.pool, { node: 'one' }),
    await startCollabServer(database.pool, { node: 'two' }),
  ];
});
afterAll(async () => {
  for (const node of nodes) await node.close();
  await database.drop();
});
beforeEach(async () => {
  ticketId = await world.newTicket();
});

async function connect(user: string, node = 0): Promise<Client> {
  const client = connectClient(nodes[node]?.socketUrl ?? '', ticketId, user);
  await saved(client);
  return client;
}

const saved = (client: Client) =>
  vi.waitFor(() => expect(client.isSaved()).toBe(true), { timeout: 8_000, interval: 5 });

function write({ doc }: Client, words: string, ...people: string[]): Y.XmlElement {
  const paragraph = new Y.XmlElement('paragraph');
  const mentions = people.map((person) => {
    const mention = new Y.XmlElement('personMention');
    mention.setAttribute('id', person);
    mention.setAttribute('label', person);
    return mention;
  });
  paragraph.insert(0, [new Y.XmlText(words), ...mentions]);
  doc.getXmlFragment('default').push([paragraph]);
  return paragraph;
}

/** Every node folds what is there, all at once. */
const fold = () => Promise.all(nodes.map(({ collab }) => collab.compactNow(ticketId)));

async function notices() {
  const { rows } = await database.pool.query(
    'SELECT user_id, kind, detail FROM notices WHERE ticket_id = $1 ORDER BY created_at, user_id',
    [ticketId],
  );
  return rows;
}

const told = async () => (await notices()).map(({ user_id }) => user_id);

describe('a mention in a description', () => {
  it('tells the members it means who wrote it and where: not its author, and nobody from outside', async () => {
    const ann = await connect('ann');
    const bob = await connect('bob', 1);
    write(ann, 'please look, ', 'bob', 'ann', 'olga', 'nobody\0');
    write(bob, 'and you, ', 'vic');
    await Promise.all([saved(ann), saved(bob)]);
    await fold();
    const notice = (user_id: string, actor_id: string, excerpt: string) => ({
      user_id,
      kind: 'mentioned',
      detail: { field: 'description', actor_id, excerpt },
    });
    expect(await notices()).toEqual([
      notice('bob', 'ann', 'please look, @bob@ann@olga@nobody\uFFFD'),
      notice('vic', 'bob', 'and you, @vic'),
    ]);
  });

  it('is told of once, however often and wherever the description is folded after it', async () => {
    const ann = await connect('ann');
    write(ann, 'ask ', 'bob');
    await saved(ann);
    await fold();
    for (const words of ['more', 'and more']) {
      write(ann, words);
      await saved(ann);
      await fold();
    }
    expect(await told()).toEqual(['bob']);
    write(ann, 'and once more ', 'bob');
    await saved(ann);
    await fold();
    expect(await told()).toEqual(['bob', 'bob']);
  });

  it('is not told of again when it comes back by a restore', async () => {
    const ann = await connect('ann');
    write(ann, 'ask ', 'bob');
    await saved(ann);
    await fold();
    ann.doc.getXmlFragment('default').delete(0, 1);
    await saved(ann);
    await fold();
    write(ann, 'ask ', 'bob');
    await saved(ann);
    await fold();
    expect(await told()).toEqual(['bob']);
  });
});

it('a mention whose name is no text does not keep a description from being folded', async () => {
  const ann = await connect('ann');
  write(ann, 'words ', 'bob');
  const mention = [...ann.doc.getXmlFragment('default').createTreeWalker(isMention)].find(isMention);
  const hostile = { toString: 1, valueOf: 1 };
  for (const name of ['id', 'label'])
    Reflect.apply(Y.XmlElement.prototype.setAttribute, mention, [name, hostile]);
  await saved(ann);
  await fold();
  expect(await descriptionText()).toBe('words @');
});

it('blocks in blocks without end do not keep a description from being folded', async () => {
  const ann = await connect('ann');
  write(ann, 'words');
  let outer: Y.XmlFragment = ann.doc.getXmlFragment('default');
  ann.doc.transact(() => {
    for (let depth = 0; depth < 30_000; depth += 1) {
      const inner = new Y.XmlElement('blockquote');
      outer.insert(outer.length, [inner]);
      outer = inner;
    }
  });
  await saved(ann);
  await fold();
  expect(await descriptionText()).toBe('words');
});

it('words that Postgres cannot hold do not keep a description from being folded', async () => {
  const ann = await connect('ann');
  write(ann, 'a\0b \uD800');
  await saved(ann);
  await fold();
  expect(await descriptionText()).toBe('a\uFFFDb \uFFFD');
});

const isMention = (node: unknown): node is Y.XmlElement =>
  node instanceof Y.XmlElement && node.nodeName === 'personMention';

async function descriptionText(): Promise<unknown> {
  const sql = 'SELECT description_text FROM tickets WHERE id = $1';
  return (await database.pool.query(sql, [ticketId])).rows[0]?.description_text;
}
