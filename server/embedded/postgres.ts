import { mkdir, readFile, realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { freePort } from '../http/free-port.ts';
import { locateBinaries } from './binaries.ts';
import {
  type ClusterDeps,
  clusterPath,
  hasCluster,
  initialiseCluster,
  logPath,
  openDataDir,
  SUPERUSER,
  spawnPostgres,
} from './cluster.ts';
import { findPostmaster, type Postmaster, stopPostmaster, whenReady } from './postmaster.ts';
import { postgresUser } from './run-as.ts';
import { keptSecret } from './secrets.ts';

export interface StartPostgresOptions {
  /** Holds the cluster (`postgres/`), its log and its password; made when missing. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Hears a sentence about each step that takes time. */
  readonly say: (sentence: string) => void;
  /**
   * What to do when another Rejoin works on this data directory: `refuse` throws, `join` uses its Postgres and
   * leaves it running at the end (a command beside a running server).
   */
  readonly whenInUse?: 'refuse' | 'join';
}

export interface EmbeddedPostgres {
  /** The address of a database of this cluster, whether it exists or not. */
  url(database: string): string;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
const START_ATTEMPTS = 4;
const OWNER_LIMIT_MS = 3_000;
const OWNER_LOCK = 7_365_101;

/**
 * A real Postgres for one Rejoin, on 127.0.0.1 only. It outlives a killed Rejoin; the next start takes it over.
 * Throws a sentence that says what is wrong and what to do.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, say } = options;
  await mkdir(options.dataDir, { recursive: true });
  // Postgres compares and reports real paths.
  const dataDir = await realpath(options.dataDir);
  const password = await keptSecret(dataDir, 'postgres-password');
  const running = await findPostmaster(clusterPath(dataDir));
  const postmaster = running
    ? await adopt(dataDir, running)
    : await startFresh(dataDir, password, { log, say });
  const url = (database: string) =>
    `postgres://${SUPERUSER}:${password}@127.0.0.1:${postmaster.port}/${database}`;

  const owner = await claim(url('postgres'), log, options.whenInUse === 'join' ? 0 : OWNER_LIMIT_MS).catch(
    (error: Error) => {
      throw new Error(
        `Postgres runs in ${dataDir}, but Rejoin cannot use it (${error.message}). Is secrets/postgres-password there the one it was made with?`,
      );
    },
  );
  if (!owner) {
    if (options.whenInUse === 'join') return { url, stop: async () => undefined };
    throw new Error(
      `Another Rejoin is running on the data directory ${dataDir}. Stop it, or set REJOIN_DATA_DIR to a directory of its own.`,
    );
  }
  if (running) say('Taking over the Postgres that an earlier Rejoin left running.');
  return {
    url,
    async stop() {
      await owner.end();
      await stopPostmaster(clusterPath(dataDir), postmaster.pid, STOP_LIMIT_MS);
    },
  };
}

async function adopt(dataDir: string, running: Postmaster): Promise<Postmaster> {
  const postmaster = await whenReady(clusterPath(dataDir), START_LIMIT_MS, () => false);
  if (postmaster) return postmaster;
  throw new Error(
    `Postgres (process ${running.pid}) runs in ${dataDir} but does not get ready. See ${logPath(dataDir)}, end that process and start again.`,
  );
}

async function startFresh(
  dataDir: string,
  password: string,
  { log, say }: Pick<StartPostgresOptions, 'log' | 'say'>,
): Promise<Postmaster> {
  const binaries = await locateBinaries();
  const user = await postgresUser([dataDir, binaries.postgres]);
  await openDataDir(dataDir, user);
  const deps: ClusterDeps = { dataDir, binaries, user };
  if (!(await hasCluster(dataDir))) {
    say(`Creating a Postgres database cluster in ${dataDir}.`);
    await initialiseCluster(deps, password);
  }
  say('Starting Postgres.');
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const { ended } = await spawnPostgres(deps, await freePort());
    const postmaster = await whenReady(clusterPath(dataDir), START_LIMIT_MS, ended);
    if (postmaster) return postmaster;
    log.warn({ attempt }, 'Postgres did not start');
    // The port was taken in between, or children of a killed Postgres are still on their way out.
    if (attempt < START_ATTEMPTS) await delay(500 * attempt);
  }
  throw new Error(`Postgres does not start in ${dataDir}. Its last words: ${await lastWords(dataDir)}`);
}

/**
 * Marks the cluster as this process's own for as long as it lives: a lock held by a connection ends with it,
 * however it ends. Null when another process holds it. A killed Rejoin's connection takes a moment to go.
 */
async function claim(url: string, log: Logger, limitMs: number): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  client.on('error', (error) => log.error({ error }, 'The embedded Postgres ended or broke the connection'));
  await client.connect();
  const until = Date.now() + limitMs;
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
      OWNER_LOCK,
    ]);
    if (rows[0]?.held) return client;
    if (Date.now() >= until) break;
    await delay(50);
  }
  await client.end();
  return null;
}

async function lastWords(dataDir: string): Promise<string> {
  const text = await readFile(logPath(dataDir), 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-3).join(' ') || `nothing in ${logPath(dataDir)}`;
}
