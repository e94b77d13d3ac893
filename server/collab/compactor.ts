import type pg from 'pg';
import type pino from 'pino';
import { inTransaction } from '../db/pool.ts';
import type { DocumentThread } from './document-thread.ts';
import type { CollabMetrics } from './metrics.ts';
import { noticeMentions } from './notice-mentions.ts';
import { unpackRows } from './packed-rows.ts';
import { readPacked, readSettledSeq, storeSnapshot, storeText } from './store.ts';

/** Folds logs into snapshots, a few tickets at a time. Any number of nodes may do it at once. */
export interface Compactor {
  /** Soon, and once for several requests. */
  request(ticketId: string): void;
  /** Resolves when all that is durable now is in the snapshot. */
  compactNow(ticketId: string): Promise<void>;
  /** Resolves when the requested work is done. */
  drained(): Promise<void>;
}

export interface CompactorDeps {
  readonly pool: pg.Pool;
  readonly thread: DocumentThread;
  readonly metrics: CollabMetrics;
  readonly log: pino.Logger;
}

const AT_ONCE = 2;
/** A fault that outlasts these waits is left to the next edit, or the next start. */
const RETRY_AFTER_MS = [2_000, 10_000, 60_000];

export function createCompactor({ pool, thread, metrics, log }: CompactorDeps): Compactor {
  const requested = new Set<string>();
  const faults = new Map<string, number>();
  let running = 0;
  let waiters: (() => void)[] = [];

  async function compact(ticketId: string): Promise<void> {
    const settled = await inTransaction(pool, (tx) => readSettledSeq(tx, ticketId));
    const { snapshot: before, rows } = await readPacked(pool, ticketId, settled);
    const seqs = unpackRows(rows).map(({ seq }) => seq);
    const last = seqs.at(-1);
    if (last === undefined) return;
    const merged = await thread.merge(before?.bytes ?? null, rows);
    reportRefused(ticketId, seqs, merged.refused);
    const { snapshot, stateVector, text, mentions } = merged;
    const schemaVersion = before?.schemaVersion ?? 1;
    await inTransaction(pool, async (tx) => {
      const stored = { bytes: snapshot, stateVector, upto: last, schemaVersion };
      if (!(await storeSnapshot(tx, ticketId, stored))) return;
      await storeText(tx, ticketId, text);
      await noticeMentions(tx, ticketId, mentions, seqs);
    });
    metrics.compactions.inc();
  }

  /** Their rows stay in the log, for a person to look at; the snapshot goes on without them. */
  function reportRefused(ticketId: string, seqs: readonly number[], refused: readonly number[]): void {
    if (refused.length === 0) return;
    metrics.quarantined.inc(refused.length);
    const rows = refused.map((position) => seqs[position]);
    log.error(
      { ticketId, rows },
      'Updates in the log of a description do not apply; its snapshot leaves them out.',
    );
  }

  function retryLater(ticketId: string, error: unknown): void {
    const before = faults.get(ticketId) ?? 0;
    const retryInMs = RETRY_AFTER_MS[before];
    log.error({ err: error, ticketId, retryInMs }, 'A description could not be compacted; its log is kept.');
    if (retryInMs === undefined) {
      faults.delete(ticketId);
      return;
    }
    faults.set(ticketId, before + 1);
    setTimeout(() => {
      requested.add(ticketId);
      work();
    }, retryInMs).unref();
  }

  function work(): void {
    for (const ticketId of requested) {
      if (running >= AT_ONCE) return;
      requested.delete(ticketId);
      running += 1;
      compact(ticketId)
        .then(() => faults.delete(ticketId))
        .catch((error) => retryLater(ticketId, error))
        .finally(() => {
          running -= 1;
          work();
        });
    }
    if (running > 0) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  return {
    request(ticketId) {
      requested.add(ticketId);
      work();
    },
    compactNow: compact,
    drained: () =>
      running === 0 && requested.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => waiters.push(resolve)),
  };
}
