/**
 * What batching an upload is worth: the same 1,000 queued ops in one request, and in one request and one database
 * transaction each, in turn, over HTTP, on a Postgres of its own: `npm run bench -- upload`.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { pino } from 'pino';
import { ensureDatabase } from '../../server/db/databases.ts';
import { migrate } from '../../server/db/migrate.ts';
import { createPool } from '../../server/db/pool.ts';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { uploadResponse } from '../../shared/protocol/upload.ts';
import { givenPerson, givenProject } from '../support/builders.ts';
import { patch, type TestOp, uploadApp } from '../support/uploads.ts';

const OPS = 1_000;
const ROUNDS = 5;

const dataDir = await mkdtemp(path.join(os.tmpdir(), 'rejoin-upload-bench-'));
const postgres = await startPostgres({ dataDir, log: pino({ level: 'error' }), say: () => undefined });
try {
  await ensureDatabase(postgres.url('postgres'), 'bench');
  await migrate({ url: postgres.url('bench') });
  const pool = createPool(postgres.url('bench'));
  await measure(pool);
  await pool.end();
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function measure(pool: pg.Pool): Promise<void> {
  const app = await uploadApp(pool);
  const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/api/upload`;
  const projectId = (await givenProject(pool)).id;
  const person = await givenPerson(pool, { projectId });
  const sender = { url, personId: person.id };
  const together: number[] = [];
  const apart: number[] = [];
  await sendTogether(sender, aDay(projectId, person.id)); // warms both up, and is not counted
  for (let round = 0; round < ROUNDS; round += 1) {
    together.push(await timed(() => sendTogether(sender, aDay(projectId, person.id))));
    apart.push(await timed(() => sendApart(sender, aDay(projectId, person.id))));
  }
  await app.close();
  report(together, apart);
}

/** A day offline: new tickets, edits of them, assignments, comments. */
function aDay(projectId: string, userId: string): TestOp[] {
  return Array.from({ length: OPS / 4 }, () => randomUUID()).flatMap((id): TestOp[] => [
    { op: 'PUT', type: 'tickets', id, data: { project_id: projectId, title: 'New' } },
    patch(id, { status: 'in_progress' }, { status: 'todo' }),
    patch(id, { assignee_id: userId, title: 'Newer' }, { assignee_id: null, title: 'New' }),
    { op: 'PUT', type: 'comments', id: randomUUID(), data: { ticket_id: id, body: 'Written on the way' } },
  ]);
}

interface Sender {
  readonly url: string;
  readonly personId: string;
}

async function sendTogether(sender: Sender, ops: readonly TestOp[]): Promise<void> {
  const device = randomUUID();
  await post(
    sender,
    device,
    ops.map((op, index) => ({ op_id: index + 1, ...op })),
  );
}

/** In order, as a queue must be sent. */
async function sendApart(sender: Sender, ops: readonly TestOp[]): Promise<void> {
  const device = randomUUID();
  for (const [index, op] of ops.entries()) await post(sender, device, [{ op_id: index + 1, ...op }]);
}

async function post(
  { url, personId }: Sender,
  device: string,
  ops: readonly { op_id: number }[],
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-person': personId },
    body: JSON.stringify({
      device_id: device,
      transactions: ops.map((op) => ({ tx_id: op.op_id, ops: [op] })),
    }),
  });
  const { outcomes } = uploadResponse.parse(await response.json());
  const failed = outcomes.find(({ outcome }) => outcome !== 'applied');
  if (failed || outcomes.length !== ops.length) throw new Error(`Not applied: ${JSON.stringify(failed)}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function report(together: readonly number[], apart: readonly number[]): void {
  const [quick, slow] = [median(together), median(apart)];
  const row = (name: string, ms: number, times: readonly number[]) =>
    [
      name.padEnd(42),
      `${Math.round(ms)} ms`.padStart(9),
      `${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))} ms`.padStart(18),
      `${Math.round((OPS / ms) * 1000)} ops/s`.padStart(14),
      `${(slow / ms).toFixed(1)}×`.padStart(8),
    ].join('');
  const lines = [
    `${OPS} queued ops, ${ROUNDS} rounds of each in turn, ${os.availableParallelism()} cores, Node ${process.version}`,
    [
      'way'.padEnd(42),
      'median'.padStart(9),
      'range'.padStart(18),
      'rate'.padStart(14),
      'ratio'.padStart(8),
    ].join(''),
    row('one upload, one transaction', quick, together),
    row('one request and one transaction per op', slow, apart),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
