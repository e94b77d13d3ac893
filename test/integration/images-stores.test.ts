import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBucketImages } from '../../server/images/bucket-images.ts';
import { createPostgresImages } from '../../server/images/postgres-images.ts';
import { imageStoreContract } from '../contract/image-store.ts';
import { BUCKET, type BucketServer, KEYS, startBucketServer } from '../fakes/bucket-server.ts';
import { createTestDatabase } from '../support/postgres.ts';

const optionsOf = ({ endpoint }: BucketServer) => ({
  bucket: BUCKET,
  prefix: 'rejoin/',
  endpoint,
  region: 'here',
});

imageStoreContract('Postgres', async () => {
  const database = await createTestDatabase();
  return { store: createPostgresImages(database.pool), close: database.drop };
});

imageStoreContract('a bucket', async () => {
  const server = await startBucketServer();
  return { store: createBucketImages(optionsOf(server), KEYS), close: server.close };
});

describe('images in a bucket', () => {
  const image = {
    id: 'f2f1e8e4-6d0e-4f6c-9a53-0d7e4a5b8c11',
    contentType: 'image/png' as const,
    bytes: Buffer.from('x'),
  };
  let server: BucketServer;
  beforeAll(async () => {
    server = await startBucketServer();
  });
  beforeEach(() => server.failWith(null));
  afterAll(() => server?.close());

  const store = (options = {}, credentials = KEYS) =>
    createBucketImages({ ...optionsOf(server), ...options }, credentials);

  test('stand under the prefix, as what they are', async () => {
    await store().put(image);
    expect([...server.objects]).toEqual([
      [`rejoin/${image.id}`, { body: image.bytes, contentType: 'image/png' }],
    ]);
  });

  test.each([
    ['with another key', () => store({}, { ...KEYS, secretAccessKey: 'wrong' })],
    ['without its bucket', () => store({ bucket: 'missing' })],
  ])('%s: every request says that the set-up is not right', async (_name, open) => {
    const refused = { status: 502, code: 'image_store_refused' };
    await expect(open().put(image)).rejects.toMatchObject(refused);
    await expect(open().get(image.id)).rejects.toMatchObject(refused);
    await expect(open().delete([image.id])).rejects.toMatchObject(refused);
  });

  test.each([500, 503, 429])('a bucket that answers %i is asked again later', async (status) => {
    server.failWith(status);
    const away = { status: 503, code: 'image_store_away' };
    await expect(store().put(image)).rejects.toMatchObject(away);
    await expect(store().get(image.id)).rejects.toMatchObject(away);
  });

  test('so is one that nobody can reach', async () => {
    const gone = await startBucketServer();
    await gone.close();
    await expect(store({ endpoint: gone.endpoint }).put(image)).rejects.toMatchObject({ status: 503 });
  });
});
