import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type pg from 'pg';
import { pino } from 'pino';
import type { ImportProgress, ImportReport } from '../../shared/protocol/import.ts';
import { type Config, readConfig } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { createPool } from '../db/pool.ts';
import { openDatabases } from '../embedded/databases.ts';
import { findAccount } from '../projects/member-store.ts';
import { findProject } from '../projects/project-store.ts';
import { createProjects } from '../projects/projects.ts';
import { type CliOptions, HELP, readCliOptions } from './cli-options.ts';
import { importTickets } from './import-tickets.ts';
import { linesOf } from './lines.ts';

/** `npm run import`: see {@link HELP}. Progress and problems go to stderr, the report to stdout. */
async function main(): Promise<number> {
  const request = readCliOptions(process.argv.slice(2));
  if (request.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (request.kind === 'wrong') return wrongCommand(request.problem);
  const read = readConfig({ ...SERVING_ONLY, ...process.env });
  if (!read.ok) return wrongCommand(`The configuration is not right: ${read.problem}.`);
  try {
    await checkFile(request.options.file);
    const report = await withPool(read.config, (pool) => importFile(pool, request.options));
    process.stdout.write(inWords(report));
    return report.imported + report.skipped === 0 && report.refused > 0 ? 1 : 0;
  } catch (error) {
    say(`The import stopped: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** What a server with a database of its own must be told, and an import has no use for. */
const SERVING_ONLY = {
  PUBLIC_URL: 'http://localhost',
  AUTH_SECRET: 'nothing is signed by an import'.padEnd(32),
};

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (!found) throw new Error(`there is no file ${file}.`);
  if (!found.isFile()) throw new Error(`${file} is not a file.`);
}

/** On the database of the Rejoin that is running here, or that would run with this configuration. */
async function withPool<T>(config: Config, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const log = pino({ level: config.logLevel }, pino.destination(2));
  const databases = await openDatabases({ ...config, embeddedEngine: false, log, say, whenInUse: 'join' });
  try {
    await migrate({ url: databases.url, say });
    const pool = createPool(databases.url, { max: 2 });
    try {
      return await work(pool);
    } finally {
      await pool.end();
    }
  } finally {
    await databases.stop();
  }
}

async function importFile(pool: pg.Pool, { file, project, owner }: CliOptions): Promise<ImportReport> {
  const userId = await findAccount(pool, owner);
  if (!userId) {
    throw new Error(
      `nobody has an account with the address ${owner}. Name one with --owner, or start Rejoin once first.`,
    );
  }
  const actor = { userId };
  const projectId = (await findProject(pool, project.key)) ?? (await makeProject(pool, actor, project));
  return importTickets({
    pool,
    projectId,
    actor,
    lines: linesOf(createReadStream(file)),
    onProgress: showProgress,
    clock: () => new Date(),
    newId: randomUUID,
  });
}

async function makeProject(
  pool: pg.Pool,
  actor: { userId: string },
  project: CliOptions['project'],
): Promise<string> {
  const { id } = await createProjects({ pool, newId: randomUUID }).create(actor, project);
  say(`Made the project ${project.key} (${project.name}).`);
  return id;
}

function showProgress({ lines, imported, skipped, refused }: ImportProgress): void {
  say(`${lines} lines read: ${imported} imported, ${skipped} skipped, ${refused} refused.`);
}

function inWords({ imported, skipped, refused, rejected }: ImportReport): string {
  const lines = [`Imported ${imported}, skipped ${skipped} already there, refused ${refused}.`];
  for (const { line, reason } of rejected) lines.push(`  line ${line}: ${reason}`);
  if (refused > rejected.length) lines.push(`  and ${refused - rejected.length} more.`);
  return `${lines.join('\n')}\n`;
}

function wrongCommand(problem: string): number {
  say(`${problem}\nTry: npm run import -- --help`);
  return 2;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

process.exitCode = await main();
