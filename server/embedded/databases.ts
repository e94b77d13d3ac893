import type { Logger } from 'pino';
import { databaseName, ensureDatabase, siblingUrl, withClient } from '../db/databases.ts';
import { startPostgres } from './postgres.ts';

/** Where the domain's tables are, and where the embedded sync engine keeps its operations. */
export interface Databases {
  readonly url: string;
  readonly syncUrl: string;
  stop(): Promise<void>;
}

export interface OpenDatabasesOptions {
  /** An external Postgres; null starts the embedded one. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** The embedded engine needs a database for itself; a PowerSync Service brings its own. */
  readonly embeddedEngine: boolean;
  readonly log: Logger;
  readonly say: (sentence: string) => void;
  /** For the embedded Postgres: see `StartPostgresOptions`. */
  readonly whenInUse?: 'refuse' | 'join';
}

const DATABASE = 'rejoin';

/** Opens both databases, made where they are missing; throws a sentence that says what is wrong and what to do. */
export async function openDatabases(options: OpenDatabasesOptions): Promise<Databases> {
  return options.databaseUrl === null ? openEmbedded(options) : openExternal(options.databaseUrl, options);
}

async function openEmbedded(options: OpenDatabasesOptions): Promise<Databases> {
  const postgres = await startPostgres(options);
  const [url, syncUrl] = [postgres.url(DATABASE), postgres.url(syncName(DATABASE))];
  for (const needed of [url, syncUrl]) await ensureDatabase(postgres.url('postgres'), databaseName(needed));
  return { url, syncUrl, stop: () => postgres.stop() };
}

async function openExternal(url: string, { embeddedEngine, say }: OpenDatabasesOptions): Promise<Databases> {
  say(`Connecting to the database ${whereIs(url)}.`);
  const walLevel = await askWalLevel(url);
  if (walLevel !== 'logical') {
    throw new Error(
      `The database ${whereIs(url)} has wal_level "${walLevel}", but sync needs "logical". Run ALTER SYSTEM SET wal_level = 'logical' and restart that Postgres.`,
    );
  }
  const syncDatabase = syncName(databaseName(url));
  if (embeddedEngine) await ensureSyncDatabase(url, syncDatabase);
  return { url, syncUrl: siblingUrl(url, syncDatabase), stop: async () => undefined };
}

async function askWalLevel(url: string): Promise<string> {
  try {
    return await withClient(url, async (client) => {
      const { rows } = await client.query<{ wal_level: string }>('SHOW wal_level');
      return rows[0]?.wal_level ?? 'unknown';
    });
  } catch (error) {
    throw new Error(
      `Cannot use the database ${whereIs(url)}: ${reasonOf(error)}. Is it running, and is DATABASE_URL right?`,
    );
  }
}

async function ensureSyncDatabase(url: string, name: string): Promise<void> {
  try {
    await ensureDatabase(url, name);
  } catch (error) {
    throw new Error(
      `The sync engine needs a database "${name}" beside the one of DATABASE_URL, and it cannot be made: ${reasonOf(error)}. Create it for the same user, or set POWERSYNC_URL to an external PowerSync Service.`,
    );
  }
}

const syncName = (database: string): string => `${database}_sync`;

/** Host, port and name: never the password. */
function whereIs(url: string): string {
  const { hostname, port } = new URL(url);
  return `"${databaseName(url)}" at ${hostname}:${port || '5432'}`;
}

/** A connection that was tried at several addresses fails with an error that has no words of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
