import { randomUUID } from 'node:crypto';
import pg from 'pg';
import * as Y from 'yjs';
import { appendUpdates, storeSnapshot } from '../../../server/collab/store.ts';
import { inTransaction } from '../../../server/db/pool.ts';
import type { Dialect } from './load/job.ts';

/** A server that is measured, and how its store is filled. */
export interface Contestant {
  readonly name: string;
  readonly script: string;
  /** Where its documents are, under its address. */
  readonly path: string;
  readonly dialect: Dialect;
  /** Acknowledges what is durable. */
  readonly isDurable: boolean;
  readonly keepsDocuments: boolean;
  /** Names of new documents that may be opened. */
  createDocuments(pool: pg.Pool, count: number): Promise<string[]>;
  /** Stores a whole document as the server itself would have left it. */
  seed(pool: pg.Pool, documents: readonly string[], update: Uint8Array): Promise<void>;
}

export const PROJECT_ID = '0b5c3f6e-9d52-4f0c-8a0e-1f6f2b7c9d10';

export const REJOIN: Contestant = {
  name: 'Rejoin',
  script: 'rejoin.ts',
  path: '/collab',
  dialect: 'y-websocket',
  isDurable: true,
  keepsDocuments: true,
  async createDocuments(pool, count) {
    const ids = newNames(count);
    await pool.query(
      `INSERT INTO tickets (id, project_id, number, title, status, priority, created_by)
       SELECT id, $1, (SELECT coalesce(max(number), 0) FROM tickets) + position, 'A ticket', 'todo', 'none', 'ann'
       FROM unnest($2::uuid[]) WITH ORDINALITY AS given (id, position)`,
      [PROJECT_ID, ids],
    );
    return ids;
  },
  async seed(pool, documents, update) {
    const stateVector = Y.encodeStateVectorFromUpdate(update);
    for (const id of documents) {
      await inTransaction(pool, (tx) =>
        storeSnapshot(tx, id, { bytes: update, stateVector, upto: 1, schemaVersion: 1 }),
      );
    }
  },
};

export const HOCUSPOCUS: Contestant = {
  name: 'Hocuspocus 4.7',
  script: 'hocuspocus.ts',
  path: '',
  dialect: 'hocuspocus',
  isDurable: false,
  keepsDocuments: true,
  createDocuments: async (_, count) => newNames(count),
  async seed(pool, documents, update) {
    await pool.query(
      'INSERT INTO documents SELECT name, $2 FROM unnest($1::text[]) AS name ON CONFLICT DO NOTHING',
      [documents, Buffer.from(update)],
    );
  },
};

export const IN_MEMORY: Contestant = {
  name: '@y/websocket-server 0.1',
  script: 'y-websocket.ts',
  path: '',
  dialect: 'y-websocket',
  isDurable: false,
  keepsDocuments: false,
  createDocuments: async (_, count) => newNames(count),
  seed: async () => undefined,
};

export const CONTESTANTS: readonly Contestant[] = [REJOIN, HOCUSPOCUS, IN_MEMORY];

/** Writes a long log, as years of typing would. */
export async function appendLog(
  pool: pg.Pool,
  ticketId: string,
  updates: readonly Uint8Array[],
): Promise<void> {
  for (let at = 0; at < updates.length; at += LOG_BATCH) {
    const rows = updates.slice(at, at + LOG_BATCH).map((update) => ({ ticketId, update, authorId: 'ann' }));
    await appendUpdates(pool, rows, 'bench');
  }
}

const LOG_BATCH = 5_000;

/** What every database needs before the servers start. */
export async function fillDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    INSERT INTO profiles (id, name) VALUES ('ann', 'Ann'), ('bob', 'Bob'), ('vic', 'Vic');
    INSERT INTO projects (id, key, name) VALUES ('${PROJECT_ID}', 'BENCH', 'Bench');
    INSERT INTO members (project_id, user_id, role) VALUES
      ('${PROJECT_ID}', 'ann', 'member'), ('${PROJECT_ID}', 'bob', 'member'), ('${PROJECT_ID}', 'vic', 'viewer');
    CREATE TABLE documents (name text PRIMARY KEY, data bytea NOT NULL);`);
  await client.end();
}

const newNames = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
