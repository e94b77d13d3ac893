import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { z } from 'zod';
import type { History } from '../../server/history/history.ts';
import { BREAK_PARAMETER } from '../../shared/protocol/collab.ts';
import { overlapList } from '../../shared/protocol/overlaps.ts';
import { versionDocument, versionList } from '../../shared/protocol/versions.ts';
import { documentOf, paragraph, read, textOf, write } from '../support/meetings.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { givenDevice, uploadApp } from '../support/uploads.ts';
import { type Client, connectClient } from './collab-support/client.ts';
import type { CollabServer } from './collab-support/collab-server.ts';
import { type HistoryServer, startHistoryServer } from './collab-support/history-server.ts';
import type { World } from './collab-support/world.ts';

const WAIT = { timeout: 20_000, interval: 20 };
const reviewRow = z.object({
  state: z.string(),
  author_id: z.string(),
  their_author_ids: z.array(z.string()),
  blocks: overlapList,
});

describe('the history of descriptions', () => {
  let running: HistoryServer;
  let database: TestDatabase;
  let history: History;
  let server: CollabServer;
  let app: FastifyInstance;
  let world: World;
  let now: Date;

  beforeEach(async () => {
    now = new Date();
    running = await startHistoryServer(() => now);
    ({ database, history, server, app, world } = running);
  });

  afterEach(() => running.stop());

  async function connect(user: string): Promise<Client> {
    const client = connectClient(server.socketUrl, world.ticketId, user);
    await vi.waitFor(() => expect(client.isSaved()).toBe(true), WAIT);
    return client;
  }

  /** Ann and Bob with the same paragraphs, both connected. */
  async function annAndBob(...texts: string[]) {
    const ann = await connect('ann');
    write(ann.doc, documentOf(...texts.map(paragraph)));
    const bob = await connect('bob');
    await inStep(ann, bob);
    return { ann, bob };
  }

  const linesOf = ({ doc }: Client): string[] => (read(doc).content ?? []).map(textOf);

  function inStep(...all: Client[]): Promise<void> {
    return vi.waitFor(() => {
      for (const client of all) {
        expect(client.isSaved()).toBe(true);
        expect(linesOf(client)).toEqual(all[0] && linesOf(all[0]));
      }
    }, WAIT);
  }

  const rewrite = (client: Client, line: number, text: string): void =>
    write(client.doc, documentOf(...linesOf(client).toSpliced(line, 1, text).map(paragraph)));

  async function apart(
    client: Client,
    work: () => Promise<void> | void,
    params: Record<string, string> = {},
  ): Promise<void> {
    client.provider.disconnect();
    await work();
    client.provider.params = params;
    client.provider.connect();
  }

  async function reviews() {
    await history.settled();
    const { rows } = await database.pool.query('SELECT * FROM description_reviews ORDER BY opened_at');
    return z.array(reviewRow).parse(rows);
  }

  async function metAll(count: number): Promise<void> {
    await vi.waitFor(async () => {
      const { rows } = await database.pool.query(
        'SELECT count(*) AS all, count(settled_at) AS settled FROM description_meetings',
      );
      expect(rows[0]).toEqual({ all: count, settled: count });
    }, WAIT);
  }

  async function get(path: string, person = 'ann') {
    return app.inject({ url: `/api/tickets/${world.ticketId}${path}`, headers: { 'x-person': person } });
  }

  async function versions() {
    return versionList.parse((await get('/versions')).json()).versions;
  }

  async function linesAt(version: string | undefined): Promise<string[]> {
    const { document } = versionDocument.parse((await get(`/versions/${version}`)).json());
    return z
      .array(z.looseObject({ type: z.string() }))
      .parse(document.content)
      .map(textOf);
  }

  it('D11: opens one review when both changed one paragraph apart, with base, theirs, yours and the merge', async () => {
    const { ann, bob } = await annAndBob('shared words', 'more words');
    await apart(bob, async () => {
      rewrite(bob, 0, 'shared words by bob');
      rewrite(ann, 0, 'ann: shared words');
      rewrite(ann, 1, 'more words by ann');
      await inStep(ann);
    });
    await inStep(ann, bob);
    await metAll(1);
    const [review, ...more] = await reviews();
    expect(more).toEqual([]);
    expect(review).toMatchObject({ state: 'open', author_id: 'bob', their_author_ids: ['ann'] });
    const texts = review?.blocks.map(({ base, theirs, yours, merged }) =>
      [base, theirs, yours, merged].map((node) => textOf(node)),
    );
    expect(texts).toEqual([
      ['shared words', 'ann: shared words', 'shared words by bob', 'ann: shared words by bob'],
    ]);
    const kept = (await versions()).filter((version) => version.review_id !== null);
    expect(kept.map((version) => version.kind)).toEqual(['base', 'before-merge', 'yours', 'merged']);
    expect(await linesAt(kept[0]?.id)).toEqual(['shared words', 'more words']);
    expect(await linesAt(kept[2]?.id)).toEqual(['shared words by bob', 'more words']);
  });

  describe('what is too large for the socket', () => {
    /** Sends over HTTP what a device would bring that opened its socket now; `opened` as it is put into the body. */
    async function bring({ doc }: Client, opened = Y.encodeStateVector(doc), size = opened.length) {
      const update = Y.encodeStateAsUpdate(doc);
      return fetch(`${server.httpUrl}/api/tickets/${world.ticketId}/description?schema=2&opened=${size}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', cookie: 'user=bob' },
        body: Buffer.concat([opened, update]),
      });
    }

    const long = ' long'.repeat(300_000);

    it('D11: opens the same review, and none of what came back once more over the socket', async () => {
      const { ann, bob } = await annAndBob('shared words', 'more words');
      await apart(bob, async () => {
        rewrite(bob, 0, `shared words by bob${long}`);
        rewrite(ann, 0, 'ann: shared words');
        rewrite(ann, 1, 'more words by ann');
        await inStep(ann);
        expect((await bring(bob)).status).toBe(200);
      });
      await inStep(ann, bob);
      await metAll(1);
      const [review, ...more] = await reviews();
      expect(more).toEqual([]);
      expect(review).toMatchObject({ state: 'open', author_id: 'bob', their_author_ids: ['ann'] });
      const texts = review?.blocks.map(({ base, theirs, yours }) =>
        [base, theirs, yours].map((node) => textOf(node)),
      );
      expect(texts).toEqual([['shared words', 'ann: shared words', `shared words by bob${long}`]]);
    });

    it('D11: opens none where only one side changed, or where they changed different paragraphs', async () => {
      const { ann, bob } = await annAndBob('one', 'two');
      await apart(bob, async () => {
        rewrite(bob, 0, `one by bob${long}`);
        expect((await bring(bob)).status).toBe(200);
      });
      await inStep(ann, bob);
      await apart(bob, async () => {
        rewrite(bob, 0, 'one by bob, short');
        rewrite(ann, 1, 'two by ann');
        await inStep(ann);
        expect((await bring(bob)).status).toBe(200);
      });
      await inStep(ann, bob);
      await metAll(1);
      expect(await reviews()).toEqual([]);
    });

    it.each([
      ['a size that is no number', (bob: Client) => bring(bob, undefined, Number.NaN)],
      ['one beyond a frame of the socket', (bob: Client) => bring(bob, undefined, 2 ** 21)],
      ['what is no state vector', (bob: Client) => bring(bob, new Uint8Array([9, 255, 255]))],
    ])('is refused with %s, and nothing of it is stored', async (_name, send) => {
      const { ann, bob } = await annAndBob('one');
      bob.provider.disconnect();
      rewrite(bob, 0, 'one by bob');
      const answer = await send(bob);
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'malformed' } }]);
      expect(linesOf(ann)).toEqual(['one']);
    });
  });

  it('D11: opens none for different paragraphs, but keeps a version before the merge', async () => {
    const { ann, bob } = await annAndBob('one', 'two');
    await apart(bob, async () => {
      rewrite(bob, 0, 'one by bob');
      rewrite(ann, 1, 'two by ann');
      await inStep(ann);
    });
    await inStep(ann, bob);
    await metAll(1);
    expect(await reviews()).toEqual([]);
    const kept = (await versions()).filter((version) => version.kind === 'before-merge');
    expect(kept).toHaveLength(1);
    expect(await linesAt(kept[0]?.id)).toEqual(['one', 'two by ann']);
  });

  it('D11: opens none while two people type live into one paragraph', async () => {
    const { ann, bob } = await annAndBob('live');
    for (let round = 0; round < 10; round += 1) {
      ann.text.insert(0, 'a');
      bob.text.insert(bob.text.length, 'b');
    }
    await inStep(ann, bob);
    await metAll(0);
    expect(await reviews()).toEqual([]);
  });

  it.each([
    ['a second: none', '1000', 0],
    ['ten minutes: one', '600000', 1],
    ['a time that the client does not know: one', 'Infinity', 1],
  ])(
    'D11: opens as many reviews as there is cause for after a break of %s',
    async (_words, length, count) => {
      const { ann, bob } = await annAndBob('flaky');
      const bothWrite = async () => {
        rewrite(bob, 0, 'flaky bob');
        rewrite(ann, 0, 'ann flaky');
        await inStep(ann);
      };
      await apart(bob, bothWrite, { [BREAK_PARAMETER]: length });
      await inStep(ann, bob);
      await metAll(count);
      expect(await reviews()).toHaveLength(count);
    },
  );

  it('D11: opens none when one side only read, nor again when a device comes back with nothing new', async () => {
    const { ann, bob } = await annAndBob('one');
    await apart(bob, async () => {
      rewrite(ann, 0, 'one by ann');
      await inStep(ann);
    });
    await inStep(ann, bob);
    await apart(bob, () => rewrite(bob, 0, 'one by ann and bob'));
    await inStep(ann, bob);
    await apart(bob, () => undefined);
    await inStep(ann, bob);
    await metAll(0);
  });

  it('D11: knows the base after a reload under another Yjs client, and when a deleted block was edited', async () => {
    const { ann, bob } = await annAndBob('stays', 'goes');
    bob.provider.disconnect();
    const reloaded = new Y.Doc();
    Y.applyUpdate(reloaded, Y.encodeStateAsUpdate(bob.doc));
    write(reloaded, documentOf(paragraph('stays')));
    rewrite(ann, 1, 'goes nowhere');
    await inStep(ann);
    const again = connectClient(server.socketUrl, world.ticketId, 'bob', { doc: reloaded });
    await inStep(ann, again);
    await metAll(1);
    const [review] = await reviews();
    expect(review?.blocks.map(({ kind, merged }) => [kind, merged])).toEqual([['deleted-by-you', null]]);
  });

  it('D12: settling is recorded once; the second answer is told so, a viewer or outsider is refused', async () => {
    const { ann, bob } = await annAndBob('shared');
    await apart(bob, async () => {
      rewrite(bob, 0, 'shared by bob');
      rewrite(ann, 0, 'ann: shared');
      await inStep(ann);
    });
    await inStep(ann, bob);
    await metAll(1);
    const { rows } = await database.pool.query('SELECT id, blocks FROM description_reviews');
    const { id, blocks } = z.object({ id: z.string(), blocks: overlapList }).parse(rows[0]);
    const answer = (choice: string, node = blocks[0]?.merged) => ({
      op: 'PATCH',
      type: 'description_reviews',
      id,
      data: { state: 'resolved', resolution: JSON.stringify([{ id: blocks[0]?.id, choice, nodes: [node] }]) },
    });
    const uploads = await uploadApp(database.pool);
    let count = 0;
    const send = async (user: string, op: ReturnType<typeof answer>) =>
      (await givenDevice(uploads, { id: user, name: user }, `device ${count++}`).send(op))[0];
    expect(await send('vic', answer('merge'))).toMatchObject({ outcome: 'rejected' });
    expect(await send('olga', answer('merge'))).toMatchObject({ outcome: 'rejected' });
    expect(await send('ann', answer('no such choice'))).toMatchObject({ outcome: 'rejected' });
    expect(await send('ann', answer('merge'))).toMatchObject({ outcome: 'applied' });
    expect(await send('bob', answer('yours', blocks[0]?.yours))).toMatchObject({ outcome: 'kept' });
    const stored = await database.pool.query(
      'SELECT state, resolved_by, resolution FROM description_reviews',
    );
    expect(stored.rows).toEqual([
      { state: 'resolved', resolved_by: 'ann', resolution: [expect.objectContaining({ choice: 'merge' })] },
    ]);
    await uploads.close();
  });

  it('D8: tells nobody of a review who is no longer a member when it opens', async () => {
    const { ann, bob } = await annAndBob('shared');
    await apart(bob, async () => {
      rewrite(bob, 0, 'shared by bob');
      rewrite(ann, 0, 'ann: shared');
      await inStep(ann);
      await database.pool.query("DELETE FROM members WHERE user_id = 'ann'");
    });
    await vi.waitFor(() => expect(bob.isSaved()).toBe(true), WAIT);
    await metAll(1);
    expect(await reviews()).toHaveLength(1);
    const { rows } = await database.pool.query('SELECT user_id FROM notices');
    expect(rows).toEqual([{ user_id: 'bob' }]);
  });

  it('D13: sessions say who wrote and when; each version shows what stood then', async () => {
    const { ann, bob } = await annAndBob('first');
    rewrite(bob, 0, 'first by both');
    await inStep(ann, bob);
    await backdate('20 minutes');
    rewrite(ann, 0, 'second');
    await inStep(ann, bob);
    const [earlier, later, ...more] = await versions();
    expect(more).toEqual([]);
    expect(earlier?.authors.map((author) => author.id)).toEqual(['ann', 'bob']);
    expect(later?.authors.map((author) => author.id)).toEqual(['ann']);
    expect(await linesAt(earlier?.id)).toEqual(['first by both']);
    expect(await linesAt(later?.id)).toEqual(['second']);
  });

  it('D13: what stood before a restore is kept, and what follows is another version', async () => {
    const { ann } = await annAndBob('before');
    const kept = await app.inject({
      method: 'POST',
      url: `/api/tickets/${world.ticketId}/versions`,
      headers: { 'x-person': 'ann' },
    });
    expect(kept.statusCode).toBe(201);
    rewrite(ann, 0, 'after');
    await inStep(ann);
    const all = await versions();
    expect(all.map((version) => version.kind)).toEqual(['session', 'before-restore', 'session']);
    expect(await linesAt(all[1]?.id)).toEqual(['before']);
  });

  it('D13: asking again to keep what stands, after a lost answer, keeps it once', async () => {
    await annAndBob('before');
    const keep = () =>
      app.inject({
        method: 'POST',
        url: `/api/tickets/${world.ticketId}/versions`,
        headers: { 'x-person': 'ann' },
      });
    const answers = [await keep(), ...(await Promise.all([keep(), keep()]))];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.json().id)).size).toBe(1);
    expect((await versions()).map((version) => version.kind)).toEqual(['session', 'before-restore']);
  });

  it('D13: single updates past their time become versions, and later ones are still right', async () => {
    const { ann, bob } = await annAndBob('old', 'words');
    await backdate('100 days');
    rewrite(ann, 0, 'new');
    await inStep(ann, bob);
    await server.collab.compactNow(world.ticketId);
    const before = await versions();
    expect(await history.foldOldRows()).toBe(1);
    expect(await history.foldOldRows()).toBe(0);
    const after = await versions();
    expect(after.map(({ started_at, authors }) => [started_at, authors])).toEqual(
      before.map(({ started_at, authors }) => [started_at, authors]),
    );
    expect(await linesAt(after[0]?.id)).toEqual(['old', 'words']);
    expect(await linesAt(after[1]?.id)).toEqual(['new', 'words']);
    await apart(bob, async () => {
      rewrite(bob, 1, 'words by bob');
      rewrite(ann, 1, 'ann: words');
      await inStep(ann);
    });
    await inStep(ann, bob);
    await metAll(1);
    expect((await reviews())[0]?.blocks.map(({ base }) => textOf(base))).toEqual(['words']);
  });

  it('C18: refuses outsiders and the signed-out, lets viewers read and not restore', async () => {
    const { ann } = await annAndBob('secret');
    await inStep(ann);
    expect((await get('/versions', 'olga')).statusCode).toBe(404);
    expect((await get('/versions', '')).statusCode).toBe(401);
    expect((await get('/versions', 'vic')).statusCode).toBe(200);
    expect((await get('/versions/999999')).statusCode).toBe(404);
    expect((await get('/versions/none-such')).statusCode).toBe(404);
    expect((await get(`/versions/${'9'.repeat(30)}`)).statusCode).toBe(404);
    const kept = await app.inject({
      method: 'POST',
      url: `/api/tickets/${world.ticketId}/versions`,
      headers: { 'x-person': 'vic' },
    });
    expect(kept.statusCode).toBe(403);
  });

  const backdate = (by: string) =>
    database.pool.query(`UPDATE description_updates SET created_at = created_at - $1::interval`, [by]);
});
