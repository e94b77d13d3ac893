import { readFile } from 'node:fs/promises';
import type { JSONContent } from '@tiptap/core';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import type { History } from '../../server/history/history.ts';
import { layFoundation, readHistory } from '../../server/history/log-store.ts';
import { documentToUpdate } from '../../shared/description/yjs.ts';
import { versionDocument, versionEntry, versionList } from '../../shared/protocol/versions.ts';
import { documentOf, paragraph, read, textOf, write } from '../support/meetings.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { givenDevice, uploadApp } from '../support/uploads.ts';
import { type Client, connectClient } from './collab-support/client.ts';
import type { CollabServer } from './collab-support/collab-server.ts';
import { type HistoryServer, startHistoryServer } from './collab-support/history-server.ts';
import type { World } from './collab-support/world.ts';

const WAIT = { timeout: 20_000, interval: 20 };

describe('the history of descriptions whose past is damaged or missing', () => {
  let running: HistoryServer;
  let database: TestDatabase;
  let history: History;
  let server: CollabServer;
  let app: FastifyInstance;
  let world: World;

  beforeEach(async () => {
    running = await startHistoryServer();
    ({ database, history, server, app, world } = running);
  });

  afterEach(() => running.stop());

  async function connect(user: string, ticketId = world.ticketId): Promise<Client> {
    const client = connectClient(server.socketUrl, ticketId, user);
    await saved(client);
    return client;
  }

  const saved = (client: Client) => vi.waitFor(() => expect(client.isSaved()).toBe(true), WAIT);
  const linesOf = ({ doc }: Client): string[] => (read(doc).content ?? []).map(textOf);

  const inStep = (one: Client, other: Client) =>
    vi.waitFor(() => {
      expect([one.isSaved(), other.isSaved()]).toEqual([true, true]);
      expect(linesOf(one)).toEqual(linesOf(other));
    }, WAIT);

  async function rewrite(client: Client, ...lines: string[]): Promise<void> {
    write(client.doc, documentOf(...lines.map(paragraph)));
    if (client.provider.wsconnected) await saved(client);
  }

  /** As imports were stored before they wrote into the log. */
  async function importUnlogged(...lines: string[]): Promise<void> {
    const update = documentToUpdate(documentOf(...lines.map(paragraph)));
    await database.pool.query(
      `INSERT INTO descriptions (id, project_id, schema_version, snapshot, state_vector) VALUES ($1, $2, 1, $3, $4)`,
      [world.ticketId, world.projectId, update, Y.encodeStateVectorFromUpdate(update)],
    );
    await database.pool.query(
      `INSERT INTO activity (project_id, ticket_id, subject, action, actor_id, outcome, rule)
       VALUES ($1, $2, 'ticket', 'created', 'ann', 'applied', 'import')`,
      [world.projectId, world.ticketId],
    );
  }

  async function upgrade(): Promise<void> {
    const migration = '../../server/db/migrations/0013_unlogged_imports.sql';
    await database.pool.query(await readFile(new URL(migration, import.meta.url), 'utf8'));
  }

  /** Ann writes twice into an unlogged import, and once more after the upgrade. */
  async function annAcrossTheUpgrade(): Promise<Client> {
    await importUnlogged('imported words', 'more of them');
    const ann = await connect('ann');
    await rewrite(ann, 'imported words by ann', 'more of them');
    await passTime('20 minutes');
    await rewrite(ann, 'imported words by ann');
    await server.collab.compactNow(world.ticketId);
    await passTime('20 minutes');
    await upgrade();
    await rewrite(ann, 'written after the upgrade');
    await server.collab.compactNow(world.ticketId);
    return ann;
  }

  async function passTime(by: string): Promise<void> {
    for (const table of ['description_updates', 'activity'])
      await database.pool.query(`UPDATE ${table} SET created_at = created_at - $1::interval`, [by]);
  }

  const get = (path: string) =>
    app.inject({ url: `/api/tickets/${world.ticketId}${path}`, headers: { 'x-person': 'ann' } });
  const versions = async () => versionList.parse((await get('/versions')).json()).versions;
  const keep = () =>
    app.inject({
      method: 'POST',
      url: `/api/tickets/${world.ticketId}/versions`,
      headers: { 'x-person': 'ann' },
    });

  async function linesAt(version: string | undefined): Promise<string[]> {
    const { document } = versionDocument.parse((await get(`/versions/${version}`)).json());
    return ((document as JSONContent).content ?? []).map(textOf);
  }

  const INCOMPLETE = { error: { code: 'version_incomplete' } };

  it('D13: a version that builds on words which no row holds is refused in words, not shown without them', async () => {
    await importUnlogged('imported words', 'more of them');
    const ann = await connect('ann');
    await rewrite(ann, 'imported words', 'written by ann');
    await server.collab.compactNow(world.ticketId);
    const [session] = await versions();
    const answer = await get(`/versions/${session?.id}`);
    expect([answer.statusCode, answer.json()]).toMatchObject([409, INCOMPLETE]);
    const kept = await keep();
    expect([kept.statusCode, kept.json()]).toMatchObject([409, INCOMPLETE]);
  });

  it('D13: a version that holds what no document can is refused in words; the others are shown', async () => {
    const ann = await connect('ann');
    await rewrite(ann, 'by ann');
    await passTime('20 minutes');
    const heading = new Y.XmlElement('heading');
    // Whatever the types allow: a program is not held to them.
    Reflect.apply(Y.XmlElement.prototype.setAttribute, heading, ['level', 1n]);
    ann.doc.getXmlFragment('default').push([heading]);
    await saved(ann);
    const [first, second] = await versions();
    expect(await linesAt(first?.id)).toEqual(['by ann']);
    for (const answer of [await get(`/versions/${second?.id}`), await keep()]) {
      expect([answer.statusCode, answer.json()]).toMatchObject([422, { error: { code: 'unreadable' } }]);
    }
  });

  it('D13: after an upgrade what is written from then on has whole versions, and what stands can be kept', async () => {
    await annAcrossTheUpgrade();
    const [first, second, third, ...more] = await versions();
    expect(more).toEqual([]);
    expect((await get(`/versions/${first?.id}`)).json()).toMatchObject(INCOMPLETE);
    expect(await linesAt(second?.id)).toEqual(['imported words by ann']);
    expect(await linesAt(third?.id)).toEqual(['written after the upgrade']);
    expect(await linesAt(versionEntry.parse((await keep()).json()).id)).toEqual([
      'written after the upgrade',
    ]);
  });

  it('leaves what was imported into the log as it is: every version of it is whole', async () => {
    const update = documentToUpdate(documentOf(paragraph('imported')));
    await database.pool.query(
      "INSERT INTO description_updates (ticket_id, update, author_id) VALUES ($1, $2, 'ann')",
      [world.ticketId, update],
    );
    await database.pool.query(
      `INSERT INTO activity (project_id, ticket_id, subject, action, actor_id, outcome, rule)
       VALUES ($1, $2, 'ticket', 'created', 'ann', 'applied', 'import')`,
      [world.projectId, world.ticketId],
    );
    await passTime('20 minutes');
    await rewrite(await connect('ann'), 'rewritten');
    await server.collab.compactNow(world.ticketId);
    await upgrade();
    const [first, second] = await versions();
    expect([await linesAt(first?.id), await linesAt(second?.id)]).toEqual([['imported'], ['rewritten']]);
  });

  it('D11: after an upgrade an overlap is found in words that were imported before they were logged', async () => {
    await importUnlogged('shared words', 'more words');
    const ann = await connect('ann');
    const bob = await connect('bob');
    await rewrite(ann, 'shared words', 'more words by ann');
    await inStep(ann, bob);
    await server.collab.compactNow(world.ticketId);
    await upgrade();
    bob.provider.disconnect();
    await rewrite(bob, 'shared words by bob', 'more words by ann');
    await rewrite(ann, 'ann: words', 'more words by ann');
    await server.collab.compactNow(world.ticketId);
    bob.provider.connect();
    await inStep(ann, bob);
    await history.settled();
    const { rows } = await database.pool.query('SELECT blocks FROM description_reviews');
    expect(rows.map(({ blocks }) => textOf(blocks[0].base))).toEqual(['shared words']);
  });

  it('D13: folding the history of such a description keeps no empty version and loses nothing of it', async () => {
    const ann = await annAcrossTheUpgrade();
    await passTime('100 days');
    await history.foldOldRows();
    const kept = await versions();
    const lines = await Promise.all(kept.map(({ id }) => linesAt(id)));
    expect(lines).toEqual([['imported words by ann'], ['written after the upgrade']]);
    await rewrite(ann, 'written after the fold');
    expect(await linesAt((await versions()).at(-1)?.id)).toEqual(['written after the fold']);
  });

  it('D13: a history that is folded while it is read is read whole, or not at all', async () => {
    const ann = await connect('ann');
    await rewrite(ann, 'first');
    await rewrite(ann, 'first', 'second');
    const { rows } = await database.pool.query('SELECT seq FROM description_updates ORDER BY seq');
    const state = Y.encodeStateAsUpdate(ann.doc);
    let isFolded = false;
    const foldedAfterTheFirstQuery = {
      query: async (...args: Parameters<typeof database.pool.query>) => {
        const answer = await database.pool.query(...args);
        if (!isFolded) {
          isFolded = true;
          const tx = await database.pool.connect();
          await layFoundation(tx, world.ticketId, rows.at(-1)?.seq, state);
          tx.release();
        }
        return answer;
      },
    };
    const past = await readHistory(foldedAfterTheFirstQuery as typeof database.pool, world.ticketId);
    expect([past.foundation === null, past.rows.length > 0]).toEqual([true, true]);
  });

  describe('what Postgres cannot hold in JSON', () => {
    /** Half of a surrogate pair survives in a mark's attributes, a NUL everywhere. */
    const UNSTORABLE = 'nul \0 and half \ud800';
    const dangerous = (words: string): JSONContent => ({
      type: 'paragraph',
      content: [
        { type: 'text', text: `${words} \0` },
        { type: 'text', text: 'link', marks: [{ type: 'link', attrs: { href: `/${UNSTORABLE}` } }] },
      ],
    });

    it('D13: what stood before a restore is kept all the same', async () => {
      const ann = await connect('ann');
      write(ann.doc, documentOf(dangerous('words')));
      await saved(ann);
      const kept = await keep();
      expect(kept.statusCode).toBe(201);
      expect(await linesAt(versionEntry.parse(kept.json()).id)).toEqual(['words \ufffdlink']);
      await server.collab.compactNow(world.ticketId);
      await passTime('100 days');
      expect(await history.foldOldRows()).toBe(1);
    });

    it('D11: opens its review, which can be settled with it', async () => {
      const ann = await connect('ann');
      write(ann.doc, documentOf(dangerous('shared')));
      const bob = await connect('bob');
      await inStep(ann, bob);
      bob.provider.disconnect();
      write(bob.doc, documentOf(dangerous('shared by bob')));
      write(ann.doc, documentOf(dangerous('ann: shared')));
      await saved(ann);
      bob.provider.connect();
      await inStep(ann, bob);
      await history.settled();
      const { rows } = await database.pool.query('SELECT id, blocks FROM description_reviews');
      expect(rows.map(({ blocks }) => textOf(blocks[0].yours))).toEqual(['shared by bob \ufffdlink']);
      const uploads = await uploadApp(database.pool);
      const resolution = [{ id: rows[0].blocks[0].id, choice: 'edited', nodes: [dangerous('settled')] }];
      const [outcome] = await givenDevice(uploads, { id: 'ann', name: 'Ann' }, 'device').send({
        op: 'PATCH',
        type: 'description_reviews',
        id: rows[0].id,
        data: { state: 'resolved', resolution: JSON.stringify(resolution) },
      });
      expect(outcome).toMatchObject({ outcome: 'applied' });
      await uploads.close();
    });
  });

  it('D11: a merge that cannot be looked at does not hold up those of other descriptions', async () => {
    const other = await world.newTicket();
    for (const ticketId of [world.ticketId, other]) {
      const ann = await connect('ann', ticketId);
      await rewrite(ann, 'shared');
      const bob = await connect('bob', ticketId);
      await inStep(ann, bob);
      bob.provider.disconnect();
      await rewrite(bob, 'shared by bob');
      await rewrite(ann, 'ann: shared');
      if (ticketId === world.ticketId) await refuseVersionsOf(ticketId);
      bob.provider.connect();
      await inStep(ann, bob);
      await history.settled();
    }
    const { rows } = await database.pool.query('SELECT ticket_id FROM description_reviews');
    expect(rows).toEqual([{ ticket_id: other }]);
  });

  const refuseVersionsOf = (ticketId: string) =>
    database.pool.query(
      `ALTER TABLE description_versions ADD CONSTRAINT broken CHECK (ticket_id <> '${ticketId}')`,
    );
});
