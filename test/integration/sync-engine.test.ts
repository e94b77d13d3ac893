import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseName, withClient } from '../../server/db/databases.ts';
import { createSyncClient, type SyncClient } from '../support/sync-client.ts';
import { createSyncBed, type SyncBed } from '../support/sync-engine.ts';
import {
  ticketId,
  W1,
  W2,
  WORKSPACES_CONFIG,
  WORKSPACES_ROWS,
  WORKSPACES_SCHEMA,
} from '../support/sync-workspaces.ts';

let bed: SyncBed;
beforeEach(async () => {
  bed = await createSyncBed(WORKSPACES_SCHEMA + WORKSPACES_ROWS, WORKSPACES_CONFIG);
});
afterEach(() => bed.drop());

const slotName = () => `rejoin_sync_${databaseName(bed.source.url)}`;

/** Waits until a client has exactly the tickets that SQL has in these workspaces. */
async function sees(client: SyncClient, workspaces: string[]): Promise<void> {
  const ids = workspaces.map((id) => `'${id}'`).join(', ') || 'NULL';
  const rows = await bed.rows(
    `SELECT id::text, title FROM tickets WHERE workspace_id IN (${ids}) ORDER BY id`,
  );
  const want = JSON.stringify(rows.map((row) => [row.id, row.title]));
  const have = () =>
    JSON.stringify(
      [...client.rows('tickets')]
        .map(([id, row]) => [id, row.title])
        .sort((a, b) => String(a[0]).localeCompare(String(b[0]))),
    );
  await client.until(() => have() === want && complete(client), `tickets ${want}`);
}

const complete = (client: SyncClient): boolean => {
  const last = client.lines.findLast((line) => !('token_expires_in' in line));
  return last !== undefined && 'checkpoint_complete' in last;
};

describe('memberships', () => {
  it('are gained, lost and gained again while connected; a fresh client sees the same', async () => {
    const { endpoint } = await bed.start();
    const client = createSyncClient();
    await client.connect(endpoint);
    await sees(client, [W1]);
    await bed.sql(`INSERT INTO memberships VALUES ('user', '${W2}')`);
    await sees(client, [W1, W2]);
    await bed.sql(`DELETE FROM memberships WHERE workspace_id = '${W1}'`);
    await sees(client, [W2]);
    await bed.sql(`UPDATE tickets SET title = 'Behind your back' WHERE workspace_id = '${W1}'`);
    await bed.sql(`INSERT INTO memberships VALUES ('user', '${W1}')`);
    await sees(client, [W1, W2]);
    const fresh = createSyncClient();
    await fresh.connect(endpoint);
    await sees(fresh, [W1, W2]);
    await client.disconnect();
    await fresh.disconnect();
  });

  it('bug 1: removed while offline and given back while connected, a bucket starts from its beginning', async () => {
    const { endpoint } = await bed.start();
    const client = createSyncClient();
    await client.connect(endpoint);
    await sees(client, [W1]);
    await client.disconnect();
    await bed.sql('DELETE FROM memberships');
    await client.connect(endpoint);
    await sees(client, []);
    await bed.sql(`INSERT INTO memberships VALUES ('user', '${W1}')`);
    await sees(client, [W1]);
    await client.disconnect();
  });
});

describe('write checkpoints', () => {
  it('arrive with or after the write they follow, rise, and move on an idle database', async () => {
    const { endpoint } = await bed.start();
    const client = createSyncClient();
    await client.connect(endpoint);
    await sees(client, [W1]);
    let before = 0n;
    for (let i = 0; i < 5; i++) {
      await bed.sql(`UPDATE tickets SET title = 'Write ${i}' WHERE id = '${ticketId(1)}'`);
      const requested = await client.requestWriteCheckpoint();
      expect(requested).toBeGreaterThan(before);
      before = requested;
      await client.until(
        () => client.writeCheckpoint === requested && complete(client),
        'the write checkpoint',
      );
      expect(client.rows('tickets').get(ticketId(1))?.title).toBe(`Write ${i}`);
    }
    const idle = await client.requestWriteCheckpoint();
    await client.until(() => client.writeCheckpoint === idle, 'a write checkpoint without a write');
    await client.disconnect();
  });

  it('are of one person and device', async () => {
    const { endpoint } = await bed.start();
    const mine = createSyncClient({ clientId: 'mine' });
    const other = createSyncClient({ clientId: 'other' });
    await mine.connect(endpoint);
    await other.connect(endpoint);
    const id = await mine.requestWriteCheckpoint();
    await mine.until(() => mine.writeCheckpoint === id, 'my write checkpoint');
    await bed.sql(`UPDATE tickets SET title = 'Later' WHERE id = '${ticketId(1)}'`);
    await sees(other, [W1]);
    expect(other.writeCheckpoint).toBeNull();
    await mine.disconnect();
    await other.disconnect();
  });
});

describe('a restart', () => {
  it('keeps the operations: a client that comes back downloads only what it lacks', async () => {
    const first = await bed.start();
    const client = createSyncClient();
    await client.connect(first.endpoint);
    await sees(client, [W1]);
    await first.stop();
    await client.ended();
    await bed.sql(`UPDATE tickets SET title = 'Meanwhile' WHERE id = '${ticketId(1)}'`);
    const received = client.opsReceived;
    const second = await bed.start();
    await client.connect(second.endpoint);
    await sees(client, [W1]);
    expect(client.opsReceived - received).toBe(1);
    await client.disconnect();
  });

  it('bug 3: changes that the slot has let go but storage does not have lead to a new snapshot', async () => {
    const first = await bed.start();
    const client = createSyncClient();
    await client.connect(first.endpoint);
    await sees(client, [W1]);
    await first.stop();
    await bed.sql(`UPDATE tickets SET title = 'Let go' WHERE id = '${ticketId(1)}'`);
    await bed.sql(`SELECT pg_replication_slot_advance('${slotName()}', pg_current_wal_lsn())`);
    const second = await bed.start();
    await client.connect(second.endpoint);
    await sees(client, [W1]);
    await client.disconnect();
  });

  it('bug 6: a storage that was lost and rebuilt never continues the buckets that clients hold', async () => {
    const first = await bed.start();
    const client = createSyncClient();
    await client.connect(first.endpoint);
    await sees(client, [W1]);
    const before = new Set(client.buckets.keys());
    await first.stop();
    await bed.rows(
      `SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = '${slotName()}'`,
    );
    await bed.rows(`SELECT pg_drop_replication_slot('${slotName()}')`);
    await bed.sql(`DROP DATABASE ${databaseName(bed.storageUrl)} WITH (FORCE)`);
    await bed.sql(`UPDATE tickets SET title = 'Rebuilt' WHERE id = '${ticketId(1)}'`);
    const second = await bed.start();
    // A rebuilt storage counts its ops from the beginning, so this is a new connection of the same device.
    const again = createSyncClient();
    await again.connect(second.endpoint);
    await sees(again, [W1]);
    expect([...again.buckets.keys()].filter((name) => before.has(name))).toEqual([]);
    await again.disconnect();
  });

  it('with another sync config reprocesses the source under new bucket names', async () => {
    const first = await bed.start();
    const client = createSyncClient();
    await client.connect(first.endpoint);
    await sees(client, [W1]);
    await first.stop();
    const second = await bed.start({
      configYaml: WORKSPACES_CONFIG.replaceAll('title, status', `'[' || title || ']' AS title, status`),
    });
    await client.connect(second.endpoint);
    await client.until(
      () => client.rows('tickets').get(ticketId(1))?.title === '[First ticket]',
      'the new config',
    );
    await client.disconnect();
  });
});

describe('the source changes under a running engine', () => {
  it('bug 8: TRUNCATE removes the rows of that table and the memberships that came from it', async () => {
    const { endpoint } = await bed.start();
    const client = createSyncClient();
    await client.connect(endpoint);
    await sees(client, [W1]);
    await bed.sql('TRUNCATE tickets');
    await sees(client, []);
    expect(client.rows('workspaces').size).toBe(1);
    await bed.sql('TRUNCATE memberships');
    await client.until(() => client.buckets.size === 0, 'the loss of all buckets');
    const plan = await planOfTruncate();
    expect(plan).toContain('ops_source_table');
    await client.disconnect();
  });

  it('a column or table that a migration adds leads to a new snapshot, without a restart', async () => {
    const { endpoint } = await bed.start({
      configYaml: `${WORKSPACES_CONFIG}
  notes:
    auto_subscribe: true
    query: SELECT * FROM notes
`,
    });
    const client = createSyncClient();
    await client.connect(endpoint);
    await sees(client, [W1]);
    await bed.sql(`ALTER TABLE workspaces ADD COLUMN color text NOT NULL DEFAULT 'red'`);
    await bed.sql(`UPDATE workspaces SET name = 'Alpha 2' WHERE id = '${W1}'`);
    await client.ended();
    await reconnect(client, endpoint);
    await client.until(() => client.rows('workspaces').get(W1)?.color === 'red', 'the new column');
    await bed.sql(`CREATE TABLE notes (id text PRIMARY KEY); ALTER TABLE notes REPLICA IDENTITY FULL;
      INSERT INTO notes VALUES ('before'); ALTER PUBLICATION powersync ADD TABLE notes`);
    await bed.sql(`INSERT INTO notes VALUES ('after')`);
    await client.ended();
    await reconnect(client, endpoint);
    await client.until(() => client.rows('notes').size === 2, 'both notes');
    await client.disconnect();
  });

  it('a lost connection or slot is mended without a restart, and open streams go on', async () => {
    const { endpoint } = await bed.start();
    const client = createSyncClient();
    await client.connect(endpoint);
    await sees(client, [W1]);
    for (let i = 0; i < 3; i++) {
      await bed.sql(
        `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${slotName()}'`,
      );
      await bed.sql(`UPDATE tickets SET title = 'Cut ${i}' WHERE id = '${ticketId(1)}'`);
      await sees(client, [W1]);
    }
    expect(client.lines.filter((line) => 'checkpoint' in line)).toHaveLength(1);
    await bed.sql(`SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = '${slotName()}';
      SELECT pg_drop_replication_slot('${slotName()}')`);
    await bed.sql(`UPDATE tickets SET title = 'Without a slot' WHERE id = '${ticketId(1)}'`);
    await client.ended();
    await reconnect(client, endpoint);
    await sees(client, [W1]);
    await client.disconnect();
  });

  it('bug 7: one huge transaction neither holds the process nor splits, and what follows arrives', async () => {
    const { endpoint, metrics } = await bed.start();
    const client = createSyncClient({ gzip: true });
    await client.connect(endpoint);
    await sees(client, [W1]);
    let worst = 0;
    let last = performance.now();
    const pulse = setInterval(() => {
      worst = Math.max(worst, performance.now() - last - 20);
      last = performance.now();
    }, 20);
    await bed.sql(`INSERT INTO tickets (id, workspace_id, title)
      SELECT gen_random_uuid(), '${W1}', 'Bulk ' || i FROM generate_series(1, 20000) i`);
    await bed.sql(`UPDATE tickets SET title = 'After it' WHERE id = '${ticketId(1)}'`);
    await client.until(
      () => client.rows('tickets').get(ticketId(1))?.title === 'After it',
      'the update behind it',
    );
    clearInterval(pulse);
    expect(client.rows('tickets').size).toBe(20_002);
    expect(worst).toBeLessThan(1000);
    expect(await metrics.metrics()).toMatch(/rejoin_sync_ops_replicated_total 2000\d/);
    await client.disconnect();
  });
});

describe('compaction', () => {
  it('shortens history and stays right for connected, offline and fresh clients', async () => {
    const running = await bed.start({ compactMinAppended: 1 });
    const connected = createSyncClient();
    const offline = createSyncClient();
    await connected.connect(running.endpoint);
    await offline.connect(running.endpoint);
    await sees(offline, [W1]);
    await bed.sql(`UPDATE tickets SET title = 'Half way' WHERE id = '${ticketId(2)}'`);
    await sees(offline, [W1]);
    await offline.disconnect();
    for (let i = 0; i < 30; i++)
      await bed.sql(`UPDATE tickets SET title = 'Edit ${i}' WHERE workspace_id = '${W1}'`);
    await bed.sql(`DELETE FROM tickets WHERE id = '${ticketId(1)}'`);
    await sees(connected, [W1]);
    expect(await running.engine.compact()).toBeGreaterThan(50);
    await bed.sql(
      `INSERT INTO tickets (id, workspace_id, title) VALUES ('${ticketId(7)}', '${W1}', 'After compaction')`,
    );
    await sees(connected, [W1]);
    await running.stop();
    const again = await bed.start({ compactMinAppended: 1 });
    const fresh = createSyncClient();
    for (const client of [connected, offline, fresh]) {
      await client.ended();
      await client.connect(again.endpoint);
      await sees(client, [W1]);
    }
    expect(fresh.opsReceived).toBeLessThan(8);
    for (const client of [connected, offline, fresh]) await client.disconnect();
  });
});

/** Connects as soon as the engine serves again. */
async function reconnect(client: SyncClient, endpoint: string): Promise<void> {
  await expect
    .poll(
      () =>
        client.connect(endpoint).then(
          () => 'connected',
          (error: Error) => error.message,
        ),
      { timeout: 20_000 },
    )
    .toBe('connected');
}

/** The plan of the engine's query when sequential scans are dear, as they are on a long history. */
async function planOfTruncate(): Promise<string> {
  return withClient(bed.storageUrl, async (storage) => {
    await storage.query('SET enable_seqscan = off');
    const { rows } = await storage.query(
      `EXPLAIN SELECT bucket FROM sync_engine.ops WHERE source_table = 1 AND op IN ('PUT', 'REMOVE')`,
    );
    return JSON.stringify(rows);
  });
}
