import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { ensureDatabase } from '../../server/db/databases.ts';
import { migrate } from '../../server/db/migrate.ts';
import { startPostgres } from '../../server/embedded/postgres.ts';
import { TEMPLATE_DATABASE } from './template-database.ts';

/** One Postgres for all integration tests, with a migrated database that every test's own is copied from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'rejoin-integration-'));
  const postgres = await startPostgres({ dataDir, log: pino({ level: 'error' }), say: () => undefined });
  const url = postgres.url('postgres');
  await ensureDatabase(url, TEMPLATE_DATABASE);
  await migrate({ url: postgres.url(TEMPLATE_DATABASE) });
  project.provide('postgresUrl', url);
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
