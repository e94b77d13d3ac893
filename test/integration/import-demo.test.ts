import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_ACCOUNTS } from '../../server/demo/accounts.ts';
import { seedDemo } from '../../server/demo/seed.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const NOW = new Date('2026-06-01T09:00:00.000Z');

describe('the demo', () => {
  let database: TestDatabase;

  const seed = () =>
    seedDemo({
      say: () => undefined,
      pool: database.pool,
      createAccount: async ({ email, name }) => {
        await database.pool.query(
          'INSERT INTO "user" (id, name, email, "emailVerified") VALUES ($1, $2, $1, true) ON CONFLICT DO NOTHING',
          [email, name],
        );
        return email;
      },
      log: pino({ level: 'silent' }),
      clock: () => NOW,
      newId: randomUUID,
    });
  const rowsOf = async (sql: string) => (await database.pool.query<Record<string, unknown>>(sql)).rows;

  beforeAll(async () => {
    database = await createTestDatabase();
    await seed();
  });
  afterAll(() => database.drop());

  test('has the accounts of the contract, each with its role in DEMO', async () => {
    expect(DEMO_ACCOUNTS.map(({ email }) => email.split('@')[0])).toEqual([
      'admin',
      'member',
      'second',
      'viewer',
      'outsider',
    ]);
    expect(await rowsOf('SELECT user_id, role FROM members ORDER BY user_id')).toEqual([
      { user_id: 'admin@rejoin.test', role: 'admin' },
      { user_id: 'member@rejoin.test', role: 'member' },
      { user_id: 'second@rejoin.test', role: 'member' },
      { user_id: 'viewer@rejoin.test', role: 'viewer' },
    ]);
  });

  test('has tickets in every status, all by people with accounts, with descriptions', async () => {
    expect(await rowsOf('SELECT count(DISTINCT status) AS n FROM tickets')).toEqual([{ n: 6 }]);
    expect(await rowsOf('SELECT count(*) AS n FROM tickets')).toEqual([{ n: 14 }]);
    expect(await rowsOf('SELECT count(*) AS n FROM descriptions')).toEqual([{ n: 14 }]);
    expect(await rowsOf("SELECT id FROM profiles WHERE id LIKE 'import:%'")).toEqual([]);
  });

  test('a second start changes nothing, also of what people changed', async () => {
    await database.pool.query("UPDATE tickets SET title = 'Ours now' WHERE number = 1");
    await database.pool.query("DELETE FROM members WHERE user_id = 'viewer@rejoin.test'");
    await seed();
    expect(await rowsOf('SELECT count(*) AS n FROM tickets')).toEqual([{ n: 14 }]);
    expect(await rowsOf('SELECT title FROM tickets WHERE number = 1')).toEqual([{ title: 'Ours now' }]);
    expect(await rowsOf('SELECT count(*) AS n FROM members')).toEqual([{ n: 3 }]);
  });
});
