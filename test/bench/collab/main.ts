import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { ensureDatabase } from '../../../server/db/databases.ts';
import { migrate } from '../../../server/db/migrate.ts';
import { createPool } from '../../../server/db/pool.ts';
import { startPostgres } from '../../../server/embedded/postgres.ts';
import type { Bench } from './bench.ts';
import { CONTESTANTS, fillDatabase } from './contestants.ts';
import { measureColdOpen } from './figures/cold-open.ts';
import { measureCrash } from './figures/crash.ts';
import { measureHostile } from './figures/hostile.ts';
import { measureMemory } from './figures/memory.ts';
import { measureFanOut, measureSustained } from './figures/speed.ts';
import { formatLine, formatTable, type Row } from './table.ts';

const FIGURES: Record<string, (bench: Bench) => Promise<Row[]>> = {
  'fan-out': async (bench) => [...(await measureFanOut(bench, 500)), ...(await measureFanOut(bench, 3_000))],
  sustained: measureSustained,
  memory: measureMemory,
  'cold-open': measureColdOpen,
  crash: measureCrash,
  hostile: measureHostile,
};

/**
 * `npm run bench -- collab [figure…] [--quick] [--rounds=7]`: the description service beside its peers, each in a process of its
 * own, under the same load from another process; prints one table. Figures: fan-out, sustained, memory, cold-open,
 * crash, hostile; all when none is named.
 */
async function main(args: readonly string[], say: (line: string) => void): Promise<void> {
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const unknown = wanted.filter((figure) => !Object.hasOwn(FIGURES, figure));
  if (unknown.length > 0)
    throw new Error(`Unknown figure ${unknown.join(', ')}. There are: ${Object.keys(FIGURES).join(', ')}.`);
  say(machine());
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'rejoin-collab-bench-'));
  const postgres = await startPostgres({ dataDir, log: pino({ level: 'error' }), say: () => undefined });
  try {
    await ensureDatabase(postgres.url('postgres'), 'bench');
    const url = postgres.url('bench');
    await migrate({ url });
    await fillDatabase(url);
    const pool = createPool(url);
    const bench: Bench = { url, pool, say, isQuick: args.includes('--quick'), rounds: roundsOf(args) };
    const rows: Row[] = [];
    for (const [figure, measure] of Object.entries(FIGURES)) {
      if (wanted.length > 0 && !wanted.includes(figure)) continue;
      const measured = await measure(bench);
      for (const row of measured) say(`  ${formatLine(row)}`);
      rows.push(...measured);
    }
    await pool.end();
    say(machine());
    say(
      `\n${formatTable(
        CONTESTANTS.map(({ name }) => name),
        rows,
      )}`,
    );
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const DEFAULT_ROUNDS = 7;

function roundsOf(args: readonly string[]): number {
  const given = args.find((arg) => arg.startsWith('--rounds='))?.split('=')[1];
  return given === undefined ? DEFAULT_ROUNDS : Math.max(1, Number(given) || 1);
}

function machine(): string {
  const [cpu] = os.cpus();
  const load = os.loadavg().map((value) => value.toFixed(2));
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  return `${date} UTC; ${os.cpus().length} × ${cpu?.model ?? 'unknown'}; Node ${process.version}; load average ${load.join(', ')}`;
}

await main(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
