import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answerErrors } from '../../server/http/errors.ts';
import { createBucketImages } from '../../server/images/bucket-images.ts';
import { type ImageStores, PLACES, type Place } from '../../server/images/image-store.ts';
import { createPostgresImages } from '../../server/images/postgres-images.ts';
import { imageRoutes } from '../../server/images/routes.ts';
import { dropUnfinished } from '../../server/images/store.ts';
import { sweepImages } from '../../server/images/sweep.ts';
import { MAX_IMAGE_BYTES, MAX_TICKET_IMAGE_BYTES } from '../../shared/protocol/images.ts';
import { BUCKET, type BucketServer, KEYS, startBucketServer } from '../fakes/bucket-server.ts';
import { type GivenPerson, givenPerson, givenProject, givenTicket } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { actorsByHeader } from '../support/uploads.ts';

/** One transparent pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

let database: TestDatabase;
let bucket: BucketServer;
let app: FastifyInstance;
let projectId: string;
let ticketId: string;
let ann: GivenPerson;

beforeAll(async () => {
  database = await createTestDatabase();
  bucket = await startBucketServer();
});

afterAll(async () => {
  await bucket?.close();
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

function storesFor(place: Place): ImageStores {
  const { endpoint } = bucket;
  const options = { bucket: BUCKET, prefix: '', endpoint, region: 'here' };
  const objects = place === 'bucket' ? createBucketImages(options, KEYS) : null;
  return { postgres: createPostgresImages(database.pool), bucket: objects };
}

async function serve(stores: ImageStores): Promise<void> {
  app = Fastify();
  answerErrors(app);
  await app.register(imageRoutes({ pool: database.pool, actors: actorsByHeader(database.pool), stores }));
}

describe.each(PLACES)('images in descriptions, in %s', (place) => {
  let stores: ImageStores;
  beforeAll(async () => {
    stores = storesFor(place);
    await serve(stores);
  });
  afterAll(() => app?.close());

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

  test('too much is refused also when it does not say how much it is', async () => {
    const chunks = Array.from({ length: 12 }, () => Buffer.concat([PNG, Buffer.alloc(1024 * 1024)]));
    const answer = await app.inject({
      method: 'POST',
      url: `/api/tickets/${ticketId}/images?id=${randomUUID()}`,
      headers: { 'x-person': ann.id, 'transfer-encoding': 'chunked' },
      payload: Readable.from(chunks),
    });
    expect([answer.statusCode, answer.json().error.code]).toEqual([413, 'too_large']);
  });

  test('what only begins like an image is never run: it is what its first bytes say, and nothing in it may act', async () => {
    const id = randomUUID();
    const page = Buffer.from('<!doctype html><script>alert(1)</script>');
    expect((await send(ann, Buffer.concat([PNG, page]), id)).statusCode).toBe(200);
    expect((await get(ann, id)).headers).toMatchObject({
      'content-type': 'image/png',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  test('D8: of a ticket in the trash or a project that one has left, none is taken; and who left sees none', async () => {
    const id = randomUUID();
    await send(ann, PNG, id);
    await database.pool.query('UPDATE tickets SET deleted_at = now() WHERE id = $1', [ticketId]);
    expect((await send(ann, PNG)).statusCode).toBe(404);
    await database.pool.query('UPDATE tickets SET deleted_at = NULL WHERE id = $1', [ticketId]);
    await database.pool.query('DELETE FROM members WHERE user_id = $1', [ann.id]);
    expect([(await send(ann, PNG)).statusCode, (await get(ann, id)).statusCode]).toEqual([404, 404]);
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

  const givenImages = (bytes: number, storedAt = 'now()') =>
    database.pool.query(
      `INSERT INTO images (id, project_id, ticket_id, content_type, size, sha256, created_by, place, created_at, stored_at)
       SELECT gen_random_uuid(), $1, $2, 'image/png', least(10485760, $3 - at), 'x', $4, $5, now() - interval '2 days', ${storedAt}
       FROM generate_series(0, $3 - 1, 10485760) AS at`,
      [projectId, ticketId, bytes, ann.id, place],
    );

  test('a ticket has room for 100 MiB of images, and says so when it is full; another has its own', async () => {
    await givenImages(MAX_TICKET_IMAGE_BYTES - PNG.length);
    // Each fits alone, only one fits.
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(ann, PNG)));
    const refused = answers
      .filter(({ statusCode }) => statusCode === 413)
      .map((answer) => answer.json().error);
    expect(refused).toHaveLength(7);
    expect(refused[0]).toEqual({ code: 'ticket_images_full', message: expect.stringContaining('100 MiB') });
    const other = await givenTicket(database.pool, { projectId, createdBy: ann.id });
    expect((await send(ann, PNG, randomUUID(), other.id)).statusCode).toBe(200);
  });

  const bytesLeft = async (...ids: string[]) => {
    const store = stores[place];
    return Promise.all(ids.map(async (id) => (await store?.get(id)) !== null));
  };

  test('what belonged to a ticket that is deleted for ever is deleted where it was', async () => {
    const [gone, kept] = [randomUUID(), randomUUID()];
    const other = await givenTicket(database.pool, { projectId, createdBy: ann.id });
    await send(ann, PNG, gone);
    await send(ann, PNG, kept, other.id);
    await database.pool.query('DELETE FROM tickets WHERE id = $1', [ticketId]);
    await Promise.all([
      sweepImages({ pool: database.pool, stores }),
      sweepImages({ pool: database.pool, stores }),
    ]);
    expect(await bytesLeft(gone, kept)).toEqual([false, true]);
    expect((await database.pool.query('SELECT 1 FROM image_leftovers')).rowCount).toBe(0);
  });

  test('an id that is used again never shows what was deleted under it', async () => {
    const id = randomUUID();
    await send(ann, Buffer.concat([PNG, Buffer.from('secret')]), id);
    await database.pool.query('DELETE FROM tickets WHERE id = $1', [ticketId]);
    const other = await givenTicket(database.pool, { projectId, createdBy: ann.id });
    expect((await send(ann, PNG, id, other.id)).statusCode).toBe(200);
    expect((await get(ann, id)).rawPayload.equals(PNG)).toBe(true);
  });

  test('one that was begun and never finished is not shown, takes no room for ever, and may come again', async () => {
    await givenImages(MAX_TICKET_IMAGE_BYTES, 'NULL');
    const { rows } = await database.pool.query('SELECT id FROM images WHERE ticket_id = $1 LIMIT 1', [
      ticketId,
    ]);
    const id = String(rows[0]?.id);
    expect((await get(ann, id)).statusCode).toBe(404);
    expect((await send(ann, PNG)).statusCode).toBe(413);
    await dropUnfinished(database.pool);
    expect((await send(ann, PNG, id)).statusCode).toBe(200);
    await sweepImages({ pool: database.pool, stores });
    expect((await get(ann, id)).rawPayload.equals(PNG)).toBe(true);
  });
});

describe('a bucket that fails', () => {
  beforeAll(() => serve(storesFor('bucket')));
  afterAll(() => app?.close());

  test('is said in words; the image gets there when it is sent again', async () => {
    const id = randomUUID();
    bucket.failWith(503);
    const failed = await send(ann, PNG, id);
    expect([failed.statusCode, failed.json().error.code]).toEqual([503, 'image_store_away']);
    expect((await get(ann, id)).statusCode).toBe(404);
    bucket.failWith(null);
    expect((await send(ann, PNG, id)).statusCode).toBe(200);
    expect((await get(ann, id)).rawPayload.equals(PNG)).toBe(true);
    bucket.failWith(500);
    expect((await get(ann, id)).statusCode).toBe(503);
    bucket.failWith(null);
  });

  test('keeps nothing from being deleted later', async () => {
    const id = randomUUID();
    await send(ann, PNG, id);
    await database.pool.query('DELETE FROM tickets WHERE id = $1', [ticketId]);
    bucket.failWith(500);
    const sweep = () => sweepImages({ pool: database.pool, stores: storesFor('bucket') });
    await expect(sweep()).rejects.toMatchObject({ status: 503 });
    bucket.failWith(null);
    await sweep();
    expect(bucket.objects.has(id)).toBe(false);
  });
});

test('an image stays where it was put: taking a bucket into use moves nothing', async () => {
  const [old, recent] = [randomUUID(), randomUUID()];
  await serve(storesFor('postgres'));
  await send(ann, PNG, old);
  await app.close();
  await serve(storesFor('bucket'));
  await send(ann, PNG, recent);
  expect([bucket.objects.has(old), bucket.objects.has(recent)]).toEqual([false, true]);
  expect((await get(ann, old)).rawPayload.equals(PNG)).toBe(true);
  await app.close();
  await serve(storesFor('postgres'));
  const lost = await get(ann, recent);
  expect([lost.statusCode, lost.json().error.code]).toEqual([502, 'no_bucket']);
  await app.close();
});
