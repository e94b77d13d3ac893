import type { Logger } from 'pino';
import type { Hub } from './hub.ts';
import type { SyncMetrics } from './metrics.ts';
import type { Serving } from './serving.ts';
import type { Storage } from './storage.ts';

/** Compacts bucket histories now and then, beside replication. */
export interface Compactor {
  /** Compacts everything that is worth it now; resolves with the number of ops taken out. */
  run(): Promise<number>;
  /** No compaction runs after this, until {@link resume}: the hub is about to be loaded anew. */
  pause(): Promise<void>;
  resume(): void;
}

export interface CompactorDeps {
  storage: Pick<Storage, 'compactionCandidates' | 'compactBucket' | 'forgetOldWriteCheckpoints'>;
  serving: () => Serving | null;
  metrics: Pick<SyncMetrics, 'opsCompacted'>;
  log: Logger;
  /** Ops that must have been added to a bucket since it was last compacted. */
  minAppended: number;
}

export function createCompactor(deps: CompactorDeps): Compactor {
  let running: Promise<number> | null = null;
  let paused = true;
  const all = async (hub: Hub): Promise<number> => {
    let total = 0;
    for (const bucketId of await deps.storage.compactionCandidates(deps.minAppended)) {
      if (paused) break;
      hub.beginCompaction(bucketId);
      const removed = await deps.storage.compactBucket(bucketId);
      hub.endCompaction(bucketId, removed);
      total += removed;
    }
    await deps.storage.forgetOldWriteCheckpoints();
    deps.metrics.opsCompacted.inc(total);
    if (total > 0) deps.log.info({ ops: total }, 'sync: compacted bucket histories');
    return total;
  };
  return {
    run() {
      const hub = deps.serving()?.hub;
      if (paused || !hub) return Promise.resolve(0);
      running ??= all(hub).finally(() => {
        running = null;
      });
      return running;
    },
    async pause() {
      paused = true;
      // Its failure is its caller's to report.
      await running?.catch(() => undefined);
    },
    resume() {
      paused = false;
    },
  };
}
