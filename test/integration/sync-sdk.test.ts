import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { column, PowerSyncDatabase, Schema, Table } from '@powersync/node';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { databaseName } from '../../server/db/databases.ts';
import { createSyncBed, type RunningEngine, type SyncBed, tokenFor } from '../support/sync-engine.ts';
import {
  ticketId,
  W1,
  W2,
  WORKSPACES_CONFIG,
  WORKSPACES_ROWS,
  WORKSPACES_SCHEMA,
} from '../support/sync-workspaces.ts';

const reason = missingDriver();

const schema = new Schema({
  workspaces: new Table({ name: column.text }),
  tickets: new Table({
    workspace_id: column.text,
    title: column.text,
    status: column.text,
    updated_at: column.text,
    state: column.text,
  }),
});

describe.skipIf(reason !== null)(`the unmodified @powersync/node SDK${reason ?? ''}`, () => {
  let bed: SyncBed;
  let engine: RunningEngine;
  beforeEach(async () => {
    bed = await createSyncBed(WORKSPACES_SCHEMA + WORKSPACES_ROWS, WORKSPACES_CONFIG);
    engine = await bed.start();
  });
  afterEach(() => bed.drop());

  it('follows the source through a first sync, live changes, uploads, memberships and a restart', async () => {
    const device = await openDevice(() => engine.endpoint, bed);
    await equalsSource(device, bed, [W1]);

    await bed.sql(`UPDATE tickets SET title = 'Changed', state = NULL WHERE id = '${ticketId(1)}'`);
    await bed.sql(`DELETE FROM tickets WHERE id = '${ticketId(2)}'`);
    await equalsSource(device, bed, [W1]);

    // The write checkpoint holds the local row until the server's own has arrived.
    await device.execute(
      `INSERT INTO tickets (id, workspace_id, title, status) VALUES ('${ticketId(9)}', '${W1}', 'Written here', 'open')`,
    );
    await expect
      .poll(() => bed.rows(`SELECT title FROM tickets WHERE id = '${ticketId(9)}'`), { timeout: 10_000 })
      .toEqual([{ title: 'Written here' }]);
    await equalsSource(device, bed, [W1]);
    expect(await titleOf(device, 9)).toBe('Written here');

    await bed.sql(`INSERT INTO memberships VALUES ('user', '${W2}')`);
    await equalsSource(device, bed, [W1, W2]);
    await bed.sql(`DELETE FROM memberships WHERE workspace_id = '${W1}'`);
    await equalsSource(device, bed, [W2]);
    await bed.sql(`INSERT INTO memberships VALUES ('user', '${W1}')`);
    await equalsSource(device, bed, [W1, W2]);

    await engine.stop();
    await bed.sql(
      `INSERT INTO tickets (id, workspace_id, title) VALUES ('${ticketId(10)}', '${W2}', 'While it was down')`,
    );
    engine = await bed.start({}, Number(new URL(engine.endpoint).port));
    await equalsSource(device, bed, [W1, W2]);
    expect(await titleOf(device, 10)).toBe('While it was down');
  }, 60_000);

  it('stays right when history is compacted while it is offline', async () => {
    const device = await openDevice(() => engine.endpoint, bed);
    await equalsSource(device, bed, [W1]);
    await device.disconnect();
    for (let i = 0; i < 20; i++) {
      await bed.sql(`UPDATE tickets SET title = 'Edit ${i}' WHERE workspace_id = '${W1}'`);
    }
    await bed.sql(`DELETE FROM tickets WHERE id = '${ticketId(1)}'`);
    await engine.stop();
    engine = await bed.start({ compactMinAppended: 1 });
    expect(await engine.engine.compact()).toBeGreaterThan(10);
    await connect(device, () => engine.endpoint, bed);
    await equalsSource(device, bed, [W1]);
  }, 60_000);

  it('bug 6: goes on with a rebuilt storage, in which everything is numbered anew', async () => {
    const device = await openDevice(() => engine.endpoint, bed);
    for (let i = 0; i < 10; i++)
      await bed.sql(`UPDATE tickets SET title = 'Edit ${i}' WHERE id = '${ticketId(1)}'`);
    await equalsSource(device, bed, [W1]);
    await engine.stop();
    await bed.sql(`DROP DATABASE ${databaseName(bed.storageUrl)} WITH (FORCE)`);
    await bed.sql(`UPDATE tickets SET title = 'Rebuilt' WHERE id = '${ticketId(1)}'`);
    await bed.sql(`DELETE FROM tickets WHERE id = '${ticketId(2)}'`);
    engine = await bed.start({}, Number(new URL(engine.endpoint).port));
    await equalsSource(device, bed, [W1]);
    await device.execute(
      `INSERT INTO tickets (id, workspace_id, title, status) VALUES ('${ticketId(9)}', '${W1}', 'Written after', 'open')`,
    );
    await expect
      .poll(() => bed.rows(`SELECT title FROM tickets WHERE id = '${ticketId(9)}'`), { timeout: 10_000 })
      .toHaveLength(1);
    await equalsSource(device, bed, [W1]);
  }, 60_000);
});

async function openDevice(endpoint: () => string, bed: SyncBed): Promise<PowerSyncDatabase> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'rejoin-sdk-'));
  const device = new PowerSyncDatabase({
    schema,
    database: { dbFilename: 'test.db', dbLocation: directory, implementation: { type: 'better-sqlite3' } },
  });
  onTestFinished(async () => {
    await device.close();
    await rm(directory, { recursive: true, force: true });
  });
  await connect(device, endpoint, bed);
  return device;
}

async function connect(device: PowerSyncDatabase, endpoint: () => string, bed: SyncBed): Promise<void> {
  await device.connect(
    {
      fetchCredentials: async () => ({ endpoint: endpoint(), token: tokenFor('user') }),
      async uploadData(database) {
        const transaction = await database.getNextCrudTransaction();
        if (!transaction) return;
        for (const { id, opData } of transaction.crud) {
          await bed.source.pool.query(
            'INSERT INTO tickets (id, workspace_id, title, status) VALUES ($1, $2, $3, $4)',
            [id, opData?.workspace_id, opData?.title, opData?.status],
          );
        }
        await transaction.complete();
      },
    },
    { retryDelayMs: 100, crudUploadThrottleMs: 10 },
  );
}

async function titleOf(device: PowerSyncDatabase, n: number): Promise<unknown> {
  const row = await device.get<{ title: string }>('SELECT title FROM tickets WHERE id = ?', [ticketId(n)]);
  return row.title;
}

/** Waits until the device's tables hold what SQL says the user may see. */
async function equalsSource(device: PowerSyncDatabase, bed: SyncBed, workspaces: string[]): Promise<void> {
  const ids = workspaces.map((id) => `'${id}'`).join(', ');
  await expect
    .poll(
      async () => ({
        tickets: await device.getAll('SELECT * FROM tickets ORDER BY id'),
        workspaces: await device.getAll('SELECT * FROM workspaces ORDER BY id'),
        waiting: (await device.getUploadQueueStats()).count,
      }),
      { timeout: 20_000, interval: 30 },
    )
    .toEqual({
      tickets: await bed.rows(
        `SELECT id::text, workspace_id::text, title, status,
           to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at,
           coalesce(encode(state, 'base64'), '') AS state
         FROM tickets WHERE workspace_id IN (${ids}) ORDER BY id`,
      ),
      workspaces: await bed.rows(`SELECT id::text, name FROM workspaces WHERE id IN (${ids}) ORDER BY id`),
      waiting: 0,
    });
}

function missingDriver(): string | null {
  try {
    createRequire(import.meta.url).resolve('better-sqlite3');
    return null;
  } catch {
    return ' (skipped: the optional dependency better-sqlite3 is not installed)';
  }
}
