import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../server/db/migrate.ts';
import { inTransaction } from '../../server/db/pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

describe('the pool', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('reads calendar days as text, bigints as numbers, moments as dates', async () => {
    const { rows } = await database.pool.query(
      "SELECT date '2026-02-28' AS day, 9007199254740991::bigint AS big, timestamptz '2026-01-01Z' AS moment",
    );
    expect(rows).toEqual([
      { day: '2026-02-28', big: Number.MAX_SAFE_INTEGER, moment: new Date('2026-01-01T00:00:00Z') },
    ]);
  });

  test('a transaction that throws leaves nothing, and its connection goes on', async () => {
    const attempt = inTransaction(database.pool, async (tx) => {
      await tx.query("INSERT INTO profiles (id, name) VALUES ('half', 'Half')");
      throw new Error('no further');
    });
    await expect(attempt).rejects.toThrow('no further');
    const { rowCount } = await database.pool.query("SELECT FROM profiles WHERE id = 'half'");
    expect(rowCount).toBe(0);
  });

  test('a transaction whose connection was cut is reported, and the pool recovers', async () => {
    const cut = inTransaction(database.pool, (tx) =>
      tx.query('SELECT pg_terminate_backend(pg_backend_pid())'),
    );
    await expect(cut).rejects.toThrow();
    await expect(database.pool.query('SELECT 1')).resolves.toBeDefined();
  });
});

describe('migrations', () => {
  test('several nodes migrating one empty database at once all end well', async () => {
    const database = await createTestDatabase({ empty: true });
    const said: string[] = [];
    const say = (sentence: string) => said.push(sentence);
    await Promise.all([1, 2, 3].map(() => migrate({ url: database.url, say })));
    const { rows } = await database.pool.query('SELECT name FROM migrations ORDER BY name');
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(said).toHaveLength(rows.length);
    await database.drop();
  });

  test('a database that has a replication slot can be dropped in the end', async () => {
    const database = await createTestDatabase();
    await database.pool.query("SELECT pg_create_logical_replication_slot('test_drop_slot', 'pgoutput')");
    await expect(database.drop()).resolves.toBeUndefined();
  });
});
