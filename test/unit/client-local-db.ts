import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CommonPowerSyncDatabase,
  createConsoleLogger,
  LogLevels,
  PowerSyncDatabase,
} from '@powersync/node';
import { v4 as uuid } from 'uuid';
import { createEdits } from '../../client/local-db/edits.ts';
import { AppSchema } from '../../client/local-db/schema.ts';
import { createTables } from '../../client/local-db/tables.ts';
import { createCommitter } from '../../client/local-db/windows/committer.ts';
import { createOpenWindows } from '../../client/local-db/windows/open-windows.ts';
import { createUnwritten, type Unwritten } from '../../client/local-db/windows/unwritten.ts';

export const PROJECT = '5f1c7e0a-6d1b-4f57-9d57-0c4c5f0a1b01';
export const NOW = new Date('2026-03-01T10:00:00.000Z');

/** The real local database outside a browser needs better-sqlite3, an optional dependency that compiles natively. */
export const whyNoSqlite: string | undefined = (() => {
  try {
    createRequire(import.meta.url)('better-sqlite3');
    return undefined;
  } catch (error) {
    return `Skipped: better-sqlite3 is not installed here (${error instanceof Error ? error.message : error}).`;
  }
})();

export interface TestLocalDb {
  readonly db: CommonPowerSyncDatabase;
  close(): Promise<void>;
}

export async function openTestDb(): Promise<TestLocalDb> {
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-local-'));
  const db = new PowerSyncDatabase({
    schema: AppSchema,
    database: { dbFilename: 'test.db', dbLocation: folder },
    logger: createConsoleLogger({ prefix: 'test', minLevel: LogLevels.error }),
  });
  await db.init();
  const close = async () => {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { db, close };
}

/** A browser's local storage, in memory; pages that share one share what they note. */
export function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}

export const notesIn = (storage: Storage): Unwritten =>
  createUnwritten({ storage, scope: 'ada', newId: () => uuid(), now: () => NOW });

export const noStorage = (): Unwritten => notesIn(memoryStorage());

/** Windows and edits over a database, as the app builds them. */
export function createTestData(db: CommonPowerSyncDatabase) {
  const windows = createOpenWindows(db);
  const aboutNow = () => ({ made_at: NOW.toISOString() });
  const commit = createCommitter({ db, liveWindows: windows.live, aboutNow, unwritten: noStorage() });
  const edits = createEdits({ commit, userId: 'ada', newId: () => uuid(), now: () => NOW });
  return { edits, tables: createTables(windows) };
}

/** Puts rows where sync puts them: they are no edits, so nothing is queued. */
export async function receiveTicket(
  db: CommonPowerSyncDatabase,
  id: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db.execute('INSERT OR REPLACE INTO ps_data__tickets (id, data) VALUES (?, ?)', [
    id,
    JSON.stringify({ project_id: PROJECT, title: '', status: 'todo', priority: 'none', ...values }),
  ]);
}

export async function queuedOps(db: CommonPowerSyncDatabase) {
  const ops = [];
  for await (const transaction of db.getCrudTransactions()) ops.push(...transaction.crud);
  return ops;
}
