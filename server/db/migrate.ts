import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';

export interface MigrateOptions {
  readonly url: string;
  /** Hears a sentence about each migration that is applied. */
  readonly say?: (sentence: string) => void;
}

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * Brings a database to the newest schema; a no-op when it is there already.
 * Several nodes may call this at once: an advisory lock lets one work while the others wait.
 * All pending migrations apply in one transaction, or none does.
 */
export async function migrate({ url, say }: MigrateOptions): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const applied = await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      migrationsTable: 'migrations',
      advisoryLockMode: 'wait',
      logger: { info: ignore, warn: ignore, error: ignore, debug: ignore },
    });
    for (const { name } of applied) say?.(`Applied migration ${name}.`);
  } finally {
    await client.end();
  }
}

// The runner reports every statement; what failed is in the error it throws, what was done in what it returns.
function ignore(): void {}
