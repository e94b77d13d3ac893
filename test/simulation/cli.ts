import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { ensureDatabase } from '../../server/db/databases.ts';
import { migrate } from '../../server/db/migrate.ts';
import { createPool } from '../../server/db/pool.ts';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { createPostgresBackends } from './postgres-backend.ts';
import { runSeed, type SeedReport, seedReport, type WorkerTask } from './worker.ts';

/** `npm run simulate`: many seeds, with progress; ends with 1 and the shortest story of each that fails. */

type Hear = (report: SeedReport) => void;

async function main(options: Options): Promise<number> {
  const began = performance.now();
  const tally = createTally(options);
  await (options.store === 'memory'
    ? runInMemory(options, tally.hear)
    : runOverPostgres(options, tally.hear));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  print(tally.sum(seconds));
  return tally.failed() > 0 ? 1 : 0;
}

async function runInMemory({ seed, runs, steps, clients, workers }: Options, hear: Hear): Promise<void> {
  const stride = Math.min(workers, runs);
  const shares = Array.from({ length: stride }, (_, index): WorkerTask => {
    return { from: seed + index, to: seed + runs, stride, steps, clients };
  });
  await Promise.all(shares.map((workerData) => runWorker(workerData, hear)));
}

function runWorker(workerData: WorkerTask, hear: Hear): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker-entry.mjs', import.meta.url), { workerData });
    worker.on('message', (message) => hear(seedReport.parse(message)));
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A worker ended with ${code}.`))));
  });
}

async function runOverPostgres({ seed, runs, steps, clients }: Options, hear: Hear): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'rejoin-simulate-'));
  const postgres = await startPostgres({ dataDir, log: pino({ level: 'error' }), say: print });
  try {
    await ensureDatabase(postgres.url('postgres'), 'simulation');
    await migrate({ url: postgres.url('simulation') });
    const pool = createPool(postgres.url('simulation'));
    const { backend, close } = await createPostgresBackends(pool);
    for (let next = seed; next < seed + runs; next += 1) {
      hear(await runSeed({ seed: next, steps, clients, backend }));
    }
    await close();
    await pool.end();
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const PROGRESS_MS = 5_000;

function createTally({ runs, steps, store }: Options) {
  let done = 0;
  let failed = 0;
  let ops = 0;
  let lastWord = performance.now();
  const hear: Hear = (report) => {
    done += 1;
    ops += report.ops;
    if (report.failure !== null) {
      failed += 1;
      print(report.failure);
    }
    if (performance.now() - lastWord < PROGRESS_MS) return;
    lastWord = performance.now();
    print(`${done} of ${runs} seeds, ${failed} failed`);
  };
  const sum = (seconds: string) =>
    `${done} seeds of ${steps} steps in ${seconds} s (${store}): ${ops} ops, ${failed} seeds failed`;
  return { hear, sum, failed: () => failed };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function optionsOrUsage(args: readonly string[]): Options | null {
  try {
    return readOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    return null;
  }
}

const options = optionsOrUsage(process.argv.slice(2));
process.exitCode = options ? await main(options) : 2;
