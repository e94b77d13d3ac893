import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answerErrors } from '../../server/http/errors.ts';
import { imageRoutes } from '../../server/images/routes.ts';
import { MAX_IMAGE_BYTES } from '../../shared/protocol/images.ts';
import { type GivenPerson, givenPerson, givenProject, givenTicket } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { actorsByHeader } from '../support/uploads.ts';

/** One transparent pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

let database: TestDatabase;
let app: FastifyInstance;
let projectId: string;
let ticketId: string;
let ann: GivenPerson;

beforeAll(async () => {
  database = await createTestDatabase();
  app = Fastify();
  answerErrors(app);
  await app.register(imageRoutes({ pool: database.pool, actors: actorsByHeader(database.pool) }));
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  projectId = (await givenProject(database.pool)).id;
  ann = await givenPerson(database.pool, { projectId });
  ticketId = (await givenTicket(database.pool, { projectId, createdBy: ann.id })).id;
});

const send = (person: GivenPerson, bytes: Buffer, id: string = randomUUID(), ticket = ticketId) =>
  app.inject({
    method: 'POST',
    url: `/api/tickets/${ticket}/images?id=${id}`,
    // What the sender calls it decides nothing.
    headers: { 'x-person': person.id, 'content-type': 'image/svg+xml' },
    payload: bytes,
  });

const get = (person: GivenPerson, id: string, headers = {}) =>
  app.inject({ url: `/api/images/${id}`, headers: { 'x-person': person.id, ...headers } });

describe('images in descriptions', () => {
  test('an image comes back as it was sent, typed by its bytes, to be kept for ever and run never', async () => {
    const id = randomUUID();
    const sent = await send(ann, PNG, id);
    expect([sent.statusCode, sent.json()]).toEqual([200, { image: { id, url: `/api/images/${id}` } }]);
    const got = await get(ann, id);
    expect(got.rawPayload.equals(PNG)).toBe(true);
    expect(got.headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
    });
    const again = await get(ann, id, { 'if-none-match': String(got.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  test('sending one again after a lost answer changes nothing; its id is never taken over', async () => {
    const id = randomUUID();
    const answers = [await send(ann, PNG, id), await send(ann, PNG, id)];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    const gif = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');
    expect((await send(ann, gif, id)).statusCode).toBe(409);
    expect((await get(ann, id)).rawPayload.equals(PNG)).toBe(true);
  });

  test.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['an archive', gzipSync('words')],
  ])('%s is refused in words, whatever it is called', async (_name, bytes) => {
    const answer = await send(ann, bytes);
    expect([answer.statusCode, answer.json().error.code]).toEqual([415, 'not_an_image']);
  });

  test('nothing, too much, and no id are refused', async () => {
    expect((await send(ann, Buffer.alloc(0))).statusCode).toBe(400);
    expect((await send(ann, Buffer.concat([PNG, Buffer.alloc(MAX_IMAGE_BYTES)]))).statusCode).toBe(413);
    expect((await send(ann, PNG, 'no-uuid')).statusCode).toBe(400);
  });

  test('C18: viewers look and do not add; for outsiders neither ticket nor image exists', async () => {
    const [viewer, outsider] = [
      await givenPerson(database.pool, { role: 'viewer', projectId }),
      await givenPerson(database.pool),
    ];
    const id = randomUUID();
    await send(ann, PNG, id);
    expect((await send(viewer, PNG)).statusCode).toBe(403);
    expect((await get(viewer, id)).statusCode).toBe(200);
    expect((await send(outsider, PNG)).statusCode).toBe(404);
    expect([(await get(outsider, id)).body, (await get(ann, randomUUID())).statusCode]).toEqual([
      (await get(ann, randomUUID())).body,
      404,
    ]);
    expect((await get({ id: '', name: '' }, id)).statusCode).toBe(401);
  });
});
