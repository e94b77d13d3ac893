import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresBackends } from '../simulation/postgres-backend.ts';
import { simulate } from '../simulation/simulate.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const STEPS = 100;

let database: TestDatabase;
let backends: Awaited<ReturnType<typeof createPostgresBackends>>;

beforeAll(async () => {
  database = await createTestDatabase();
  backends = await createPostgresBackends(database.pool);
});

afterAll(async () => {
  await backends?.close();
  await database?.drop();
});

test.each(SEEDS)(
  'I1, I2, I3, I4, I5: hold over Postgres, which answers seed %i as the store in memory does',
  async (seed) => {
    const overPostgres = await simulate({ seed, steps: STEPS, backend: backends.backend });
    expect(overPostgres.problems).toEqual([]);
    const inMemory = await simulate({ seed, steps: STEPS });
    expect(withoutNotices(overPostgres.outcomes)).toEqual(withoutNotices(inMemory.outcomes));
  },
  120_000,
);

/** Which of a person's notices a step picks depends on their ids, and those are the database's own. */
const withoutNotices = (outcomes: readonly string[]): string[] =>
  outcomes.filter((outcome) => !outcome.includes(' notices: '));
