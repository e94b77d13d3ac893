import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startPostgres } from '../../server/embedded/postgres.ts';
import { createSyncClient, type SyncClient } from '../support/sync-client.ts';
import { type RunningEngine, startEngine } from '../support/sync-engine.ts';
import {
  ticketId,
  W1,
  WORKSPACES_CONFIG,
  WORKSPACES_ROWS,
  WORKSPACES_SCHEMA,
} from '../support/sync-workspaces.ts';

/** A Postgres of its own: these tests crash it. */
let dataDir: string;
let postgres: EmbeddedPostgres;
const start = () => startPostgres({ dataDir, log: pino({ level: 'silent' }), say: () => undefined });

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'rejoin-sync-crash-'));
  postgres = await start();
  await sql(WORKSPACES_SCHEMA + WORKSPACES_ROWS);
});
afterAll(async () => {
  await postgres?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function sql(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** A backend that dies of SIGKILL makes Postgres drop all memory and recover from its log, as a crash does. */
async function crash(): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const gone = new Promise((resolve) => client.once('end', resolve));
  process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
  await gone;
  await expect
    .poll(
      () =>
        sql('SELECT 1').then(
          () => 'up',
          () => 'down',
        ),
      { timeout: 20_000 },
    )
    .toBe('up');
}

const newEngine = (): Promise<RunningEngine> =>
  startEngine({
    source: postgres.url('postgres'),
    storage: postgres.url('operations'),
    configYaml: WORKSPACES_CONFIG,
  });

async function seesTitle(client: SyncClient, title: string): Promise<void> {
  await client.until(() => client.rows('tickets').get(ticketId(1))?.title === title, title);
}

describe('a crash of Postgres', () => {
  it('bug 5: takes nothing from storage that a client has seen, and the engine goes on by itself', async () => {
    const engine = await newEngine();
    const client = createSyncClient();
    await client.connect(engine.endpoint);
    for (let i = 0; i < 3; i++) {
      await sql(`UPDATE tickets SET title = 'Seen ${i}' WHERE id = '${ticketId(1)}'`);
      await seesTitle(client, `Seen ${i}`);
      const seen = client.lastOpId;
      // At once: with a commit that is not flushed, these ops would be gone and their numbers used again.
      await crash();
      const stored = await storedLastOp();
      expect(stored).toBeGreaterThanOrEqual(seen);
      await sql(`UPDATE tickets SET title = 'After ${i}' WHERE id = '${ticketId(1)}'`);
      if (!client.connected) await client.connect(engine.endpoint);
      await seesTitle(client, `After ${i}`);
    }
    const fresh = createSyncClient();
    await fresh.connect(engine.endpoint);
    await seesTitle(fresh, 'After 2');
    await client.disconnect();
    await fresh.disconnect();
    await engine.stop();
  }, 60_000);

  it('bug 4: nothing is served before the snapshot is whole', async () => {
    await sql(
      `INSERT INTO tickets (id, workspace_id, title) SELECT gen_random_uuid(), '${W1}', 'Bulk' FROM generate_series(1, 5000)`,
    );
    const first = await newEngine();
    await first.stop();
    await sql(`SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE active;
      SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots`);
    const port = Number(new URL(first.endpoint).port);
    const starting = startEngine(
      {
        source: postgres.url('postgres'),
        storage: postgres.url('operations'),
        configYaml: WORKSPACES_CONFIG,
      },
      port,
    );
    const client = createSyncClient();
    const answers: string[] = [];
    await expect
      .poll(
        async () => {
          const answer = await client.connect(first.endpoint).then(
            () => 'ok',
            (error: Error) => error.message,
          );
          answers.push(answer);
          return answer;
        },
        { timeout: 20_000, interval: 5 },
      )
      .toBe('ok');
    await client.until(() => client.lastOpId > 0n, 'the first complete checkpoint');
    expect(client.rows('tickets').size).toBe(5_002);
    expect(answers.slice(0, -1).filter((answer) => !/^503|fetch failed/.test(answer))).toEqual([]);
    await client.disconnect();
    await (await starting).stop();
  }, 60_000);
});

async function storedLastOp(): Promise<bigint> {
  const client = new pg.Client({ connectionString: postgres.url('operations') });
  await client.connect();
  const { rows } = await client.query<{ last_op: string }>('SELECT last_op::text FROM sync_engine.state');
  await client.end();
  return BigInt(rows[0]?.last_op ?? 0);
}
