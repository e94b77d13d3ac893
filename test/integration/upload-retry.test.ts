import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { type GivenPerson, givenPerson, givenProject, givenTicket } from '../support/builders.ts';
import { runUploads } from '../support/run-uploads.ts';
import { givenDevice, patch } from '../support/uploads.ts';

const server = runUploads();
let projectId: string;
let ann: GivenPerson;

beforeAll(async () => {
  projectId = (await givenProject(server.pool)).id;
  ann = await givenPerson(server.pool, { name: 'Ann', projectId });
});

test('C14: an upload that Postgres ends as a deadlock is tried again within the request', async () => {
  const ids = [randomUUID(), randomUUID()].sort();
  const [first, second] = await Promise.all(
    ids.map(() => givenTicket(server.pool, { projectId, createdBy: ann.id })),
  );
  const [low, high] = [first?.id ?? '', second?.id ?? ''].sort();
  const other = await server.pool.connect();
  try {
    // Against the order that uploads keep: the one who comes second waits, and the other way round.
    await other.query('BEGIN');
    // Only the upload is to be ended: this side looks for deadlocks later than the other.
    await other.query(`SET LOCAL deadlock_timeout = '20s'`);
    await lockTicket(other, high);
    const uploading = givenDevice(server.app, ann, randomUUID()).send(
      patch(low ?? '', { title: 'New' }, { title: 'A ticket' }),
      patch(high ?? '', { title: 'New' }, { title: 'A ticket' }),
    );
    await whenSomebodyWaits(server.pool);
    await lockTicket(other, low);
    await other.query('COMMIT');
    expect((await uploading).map(({ outcome }) => outcome)).toEqual(['applied', 'applied']);
  } finally {
    other.release();
  }
  const { rows } = await server.pool.query(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  expect(rows[0]?.deadlocks).toBeGreaterThan(0);
});

const lockTicket = (tx: pg.PoolClient, id: string | undefined) =>
  tx.query('SELECT id FROM tickets WHERE id = $1 FOR UPDATE', [id]);

/** The upload holds the first ticket and waits for the second. */
async function whenSomebodyWaits(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query(
      `SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE NOT l.granted AND a.datname = current_database()`,
    );
    if (rows.length > 0) return;
    await wait(10);
  }
}
