import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {
  type CommonPowerSyncDatabase,
  createConsoleLogger,
  LogLevels,
  PowerSyncDatabase,
} from '@powersync/node';
import { expect } from 'vitest';
import { z } from 'zod';
import { discardOp } from '../../client/local-db/outbox/discard.ts';
import { AppSchema } from '../../client/local-db/schema.ts';
import { RowGoneError, writeRows } from '../../client/local-db/windows/row-write.ts';
import type { ClientBed, TicketValues } from '../contract/client-queue.ts';
import { givenPerson, givenProject } from './builders.ts';
import { createRejoinBed, type SyncBed, tokenFor } from './sync-engine.ts';

const CONFIG = readFileSync(new URL('../../shared/protocol/sync-config.yaml', import.meta.url), 'utf8');

/** Why the real SDK cannot run here, or null. */
export function whyNoSdk(): string | null {
  try {
    createRequire(import.meta.url)('better-sqlite3');
    return null;
  } catch {
    return 'skipped: the optional dependency better-sqlite3 is not installed';
  }
}

/** The real SDK with the app's schema, on the real engine; only the upload waits until a test answers it. */
export async function openSdkBed(): Promise<ClientBed> {
  const bed = await createRejoinBed(CONFIG);
  const engine = await bed.start();
  const { pool } = bed.source;
  const projectId = (await givenProject(pool)).id;
  const { id: userId } = await givenPerson(pool, { projectId });
  const server = createServerTickets(bed, projectId, userId);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'rejoin-client-queue-'));
  const database = { dbFilename: 'test.db', dbLocation: directory };
  const logger = createConsoleLogger({ prefix: 'test', minLevel: LogLevels.error });
  const db = new PowerSyncDatabase({ schema: AppSchema, database, logger });
  const uploads = createGate();
  await db.connect(
    {
      fetchCredentials: async () => ({ endpoint: engine.endpoint, token: tokenFor(userId) }),
      uploadData: () => uploads.pass(),
    },
    { retryDelayMs: 100, crudUploadThrottleMs: 10 },
  );
  return {
    projectId,
    commit: (writes) =>
      db
        .writeTransaction((tx) => writeRows(tx, writes, {}))
        .then(() => true)
        .catch((error: unknown) => {
          if (error instanceof RowGoneError) return false;
          throw error;
        }),
    ticket: (id) => readTicket(db, id),
    waiting: () => readWaiting(db),
    async serverStores(id, values) {
      const revision = await server.store(id, values);
      await expect.poll(() => hasReceived(db, id, revision), { timeout: 10_000, interval: 20 }).toBe(true);
    },
    async answerAll(id, values) {
      await server.store(id, values);
      uploads.answer(() => completeAll(db));
      await expect.poll(() => readWaiting(db), { timeout: 10_000, interval: 20 }).toEqual([]);
      uploads.close();
    },
    discard: async (opId, rowId) => (await discardOp(db, { opId, rowId })).ok,
    async close() {
      uploads.answer(() => completeAll(db));
      await db.close();
      await bed.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Lets uploads through only while a test says how they are answered. */
function createGate() {
  let answering: (() => Promise<void>) | null = null;
  let open: () => void = () => undefined;
  let opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    async pass(): Promise<void> {
      await opened;
      await answering?.();
    },
    answer(work: () => Promise<void>): void {
      answering = work;
      open();
    },
    close(): void {
      answering = null;
      opened = new Promise<void>((resolve) => {
        open = resolve;
      });
    },
  };
}

async function completeAll(db: CommonPowerSyncDatabase): Promise<void> {
  for await (const transaction of db.getCrudTransactions()) await transaction.complete();
}

/** Tickets in Postgres, each change with a revision by which it is known again. */
function createServerTickets({ source: { pool } }: SyncBed, projectId: string, userId: string) {
  let revision = 0;
  return {
    async store(id: string, values: TicketValues): Promise<number> {
      revision += 1;
      await pool.query(
        `INSERT INTO tickets (id, project_id, number, title, status, priority, created_by)
         VALUES ($1, $2, $3, '', 'todo', 'none', $4) ON CONFLICT DO NOTHING`,
        [id, projectId, revision, userId],
      );
      const row = JSON.stringify({ ...values, id, revision });
      const named = [...Object.keys(values), 'revision'].map((column) => `"${column}" = r."${column}"`);
      await pool.query(
        `UPDATE tickets t SET ${named.join(', ')} FROM jsonb_populate_record(NULL::tickets, $1::jsonb) r WHERE t.id = r.id`,
        [row],
      );
      return revision;
    },
  };
}

const cell = z.union([z.string(), z.number(), z.null()]);

async function readTicket(db: CommonPowerSyncDatabase, id: string): Promise<TicketValues | undefined> {
  const row = await db.getOptional('SELECT * FROM tickets WHERE id = ?', [id]);
  return z.record(z.string(), cell).nullable().parse(row) ?? undefined;
}

async function readWaiting(db: CommonPowerSyncDatabase) {
  const ops = [];
  for await (const { crud } of db.getCrudTransactions()) ops.push(...crud);
  return ops.map(({ clientId, transactionId, op, id, opData, previousValues }) => ({
    opId: clientId,
    txId: transactionId ?? 0,
    op: String(op),
    id,
    data: opData ?? {},
    old: previousValues ?? {},
  }));
}

/** What was received lies in PowerSync's own log of operations, also while it may not be shown. */
async function hasReceived(db: CommonPowerSyncDatabase, id: string, revision: number): Promise<boolean> {
  const sql = `SELECT 1 AS found FROM ps_oplog WHERE row_type = 'tickets' AND row_id = ?
    AND json_extract(data, '$.revision') = ?`;
  return (await db.getOptional(sql, [id, revision])) !== null;
}
