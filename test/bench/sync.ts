/**
 * How fast the sync engine is on this machine: `npx tsx test/bench/sync.ts [rows]`. Prints figures; asserts nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import pg from 'pg';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { createSyncEngine } from '../../server/sync/engine.ts';

const BUCKET = '11111111-1111-4111-8111-111111111111';
const LIVE_UPDATES = 200;
const rows = Number(parseArgs({ allowPositionals: true }).positionals[0] ?? 100_000);
const say = (line: string) => process.stdout.write(`${line}\n`);

const SCHEMA = `
CREATE TABLE members (user_id text PRIMARY KEY, project_id uuid NOT NULL);
CREATE TABLE tickets (id uuid PRIMARY KEY, project_id uuid NOT NULL, title text NOT NULL, description_text text NOT NULL DEFAULT '');
ALTER TABLE members REPLICA IDENTITY FULL;
ALTER TABLE tickets REPLICA IDENTITY FULL;
CREATE PUBLICATION powersync FOR TABLE members, tickets;
INSERT INTO members VALUES ('user', '${BUCKET}');
INSERT INTO tickets SELECT gen_random_uuid(), '${BUCKET}', 'Ticket ' || i, repeat('words ', 60) FROM generate_series(1, ${rows}) i;
INSERT INTO tickets VALUES ('${BUCKET}', '${BUCKET}', 'Live 0');`;

const CONFIG = `
config:
  edition: 3
streams:
  tickets:
    auto_subscribe: true
    query: SELECT * FROM tickets WHERE project_id IN (SELECT project_id FROM members WHERE user_id = auth.user_id())
`;

const dataDir = await mkdtemp(path.join(os.tmpdir(), 'rejoin-sync-bench-'));
const log = pino({ level: 'warn' });
const postgres = await startPostgres({ dataDir, log, say: () => undefined });
try {
  await measure();
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const db = new pg.Client({ connectionString: postgres.url('postgres') });
  await db.connect();
  await db.query(SCHEMA);
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const engine = createSyncEngine({
    source: postgres.url('postgres'),
    storage: postgres.url('operations'),
    configYaml: CONFIG,
    verify: async () => ({ sub: 'user', exp }),
    log,
    metrics: new Registry(),
  });
  const app = Fastify({ forceCloseConnections: true });
  await app.register(engine.routes);
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const snapshot = performance.now();
  await engine.start();
  say(`snapshot of ${rows} rows: ${seconds(snapshot)}`);

  for (const accept of ['application/x-ndjson', 'application/vnd.powersync.bson-stream']) {
    const began = performance.now();
    const stream = await openStream(address, accept);
    await stream.until('checkpoint_complete');
    say(`first sync, ${accept}: ${seconds(began)}, ${(stream.bytes() / 1e6).toFixed(1)} MB`);
    stream.close();
  }
  await measureLatency(db, address);
  const began = performance.now();
  const stream = await openStream(address, 'application/x-ndjson');
  await stream.until('checkpoint_complete');
  await db.query(`UPDATE tickets SET title = title || '!' WHERE id <> '${BUCKET}'`);
  const committed = performance.now();
  await db.query(`UPDATE tickets SET title = 'Behind it' WHERE id = '${BUCKET}'`);
  await stream.until('Behind it');
  say(
    `one transaction of ${rows} updates: ${seconds(committed)} after its commit (${seconds(began)} in all)`,
  );
  stream.close();
  say(
    `resident memory: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB (this process, with the client)`,
  );
  await engine.stop();
  await app.close();
  await db.end();
}

async function measureLatency(db: pg.Client, address: string): Promise<void> {
  const stream = await openStream(address, 'application/x-ndjson');
  await stream.until('checkpoint_complete');
  const times: number[] = [];
  for (let i = 1; i <= LIVE_UPDATES; i++) {
    const arrived = stream.until(`Live ${i} `);
    await db.query(`UPDATE tickets SET title = 'Live ${i} ' WHERE id = '${BUCKET}'`);
    const committed = performance.now();
    await arrived;
    times.push(performance.now() - committed);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)]?.toFixed(1);
  say(`commit to data line: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
  stream.close();
}

/** A raw stream: looks for text in what arrives, without parsing it. */
async function openStream(address: string, accept: string) {
  const abort = new AbortController();
  const response = await fetch(`${address}/powersync/sync/stream`, {
    method: 'POST',
    signal: abort.signal,
    headers: { accept, authorization: 'Token any', 'accept-encoding': 'identity' },
    body: JSON.stringify({ raw_data: true, client_id: 'bench' }),
  });
  if (!response.ok || !response.body) throw new Error(`The engine answered ${response.status}.`);
  const { body } = response;
  let tail = '';
  let size = 0;
  let wake: () => void = () => undefined;
  void (async () => {
    for await (const chunk of body) {
      size += chunk.length;
      tail = tail.slice(-200) + Buffer.from(chunk).toString('latin1');
      wake();
    }
  })().catch(() => undefined);
  return {
    bytes: () => size,
    close: () => abort.abort(),
    async until(text: string) {
      while (!tail.includes(text)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      tail = '';
    },
  };
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`;
}
