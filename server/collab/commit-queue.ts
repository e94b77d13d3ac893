import type pino from 'pino';
import type { MetUpdate } from './meeting.ts';
import type { CollabMetrics } from './metrics.ts';

/** Something to be made durable in the order it came. Without a row it only waits for those before it. */
export interface QueuedCommit {
  readonly row: MetUpdate | null;
}

export interface CommitQueue<T extends QueuedCommit> {
  push(commit: T): void;
  /** Resolves when all that was pushed before is settled. */
  drained(): Promise<void>;
}

export interface CommitQueueDeps<T extends QueuedCommit> {
  append(rows: readonly MetUpdate[]): Promise<string[]>;
  /** False once nobody waits for it any more: it is left out. */
  isWanted(commit: T): boolean;
  /** `gone`: tickets that no longer exist, whose rows were left out. */
  onCommitted(commits: readonly T[], gone: ReadonlySet<string>): void;
  onFailed(commits: readonly T[]): void;
  /** Waits that many milliseconds. */
  pause(ms: number): Promise<unknown>;
  /** In milliseconds, from any beginning. */
  now(): number;
  readonly metrics: CollabMetrics;
  readonly log: pino.Logger;
}

const MAX_BATCH_ROWS = 5_000;
/**
 * So many, and no fewer than the milliseconds since the batch before: more is to come, and fewer commits leave the
 * machine to those who type. At 3,000 updates a second 6 ms instead of 3 spare a fifth of the server's work, and a
 * quarter of the slowest hundredth's wait. By their number alone, one slow commit would be enough for ever: at 500 a
 * second three gather in each pause.
 */
const CROWDED_ROWS = 3;
const CROWDED_PAUSE_MS = 6;
const RETRY_AFTER_MS = [50, 250, 1_000];

/**
 * Group commit: one batch in flight, the next leaves when it returns, after a crowded one a few milliseconds later.
 * Under load batches grow by themselves; without load an update waits for nobody.
 */
export function createCommitQueue<T extends QueuedCommit>(deps: CommitQueueDeps<T>): CommitQueue<T> {
  const { metrics, log } = deps;
  let queue: T[] = [];
  let isRunning = false;
  let waiters: (() => void)[] = [];

  async function run(): Promise<void> {
    // What arrives in the same turn of the event loop travels together.
    await new Promise(setImmediate);
    let leftAt = Number.NEGATIVE_INFINITY;
    while (queue.length > 0) {
      const now = deps.now();
      const isCrowded = queue.length >= Math.max(CROWDED_ROWS, now - leftAt);
      leftAt = now;
      const batch = queue.slice(0, MAX_BATCH_ROWS).filter(deps.isWanted);
      queue = queue.slice(MAX_BATCH_ROWS);
      await commitBatch(batch);
      if (isCrowded) await deps.pause(CROWDED_PAUSE_MS);
    }
    isRunning = false;
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  async function commitBatch(batch: readonly T[]): Promise<void> {
    const rows = batch.flatMap((commit) => (commit.row ? [commit.row] : []));
    const stored = await appendWithRetries(rows);
    if (stored) deps.onCommitted(batch, missing(rows, stored));
    else deps.onFailed(batch);
  }

  /** A commit whose answer was lost is sent again: storing an update twice changes nothing. */
  async function appendWithRetries(rows: readonly MetUpdate[]): Promise<string[] | null> {
    if (rows.length === 0) return [];
    for (const wait of [...RETRY_AFTER_MS, null]) {
      try {
        const stop = metrics.commitSeconds.startTimer();
        const stored = await deps.append(rows);
        stop();
        metrics.updates.inc(rows.length);
        metrics.bytes.inc(rows.reduce((sum, row) => sum + row.update.length, 0));
        return stored;
      } catch (error) {
        metrics.commitFailures.inc();
        log.warn(
          { err: error, rows: rows.length, retryInMs: wait },
          'Updates of descriptions were not stored.',
        );
        if (wait !== null) await deps.pause(wait);
      }
    }
    return null;
  }

  return {
    push(commit) {
      queue.push(commit);
      if (isRunning) return;
      isRunning = true;
      void run();
    },
    drained: () => (isRunning ? new Promise((resolve) => waiters.push(resolve)) : Promise.resolve()),
  };
}

function missing(rows: readonly MetUpdate[], stored: readonly string[]): Set<string> {
  const gone = new Set(rows.map((row) => row.ticketId));
  for (const ticketId of stored) gone.delete(ticketId);
  return gone;
}
