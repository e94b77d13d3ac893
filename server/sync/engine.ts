import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsync } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createBreather } from './breathe.ts';
import { createCompactor } from './compactor.ts';
import { createSyncConfig } from './config.ts';
import { createSyncMetrics, type SyncMetrics } from './metrics.ts';
import { replicate, SourceUnfit, StandBy } from './replication.ts';
import { notReady, syncRoutes } from './routes.ts';
import { createServingHolder } from './serving.ts';
import { createSource } from './source.ts';
import { createStorage } from './storage.ts';
import type { TokenVerifier } from './token-verifier.ts';

export interface SyncEngineOptions {
  /** The database to sync from: `wal_level=logical`, with the publication. */
  source: string;
  /** A database of its own for the operations, best in the same cluster; created when missing. */
  storage: string;
  /** The sync config (edition 3) as text. */
  configYaml: string;
  verify: TokenVerifier;
  log: Logger;
  metrics: Registry;
  publication?: string;
  /** Default: derived from the source database's name, since slots belong to the whole cluster. */
  slot?: string;
  /** How often an idle stream hears from the server. */
  keepaliveMs?: number;
  compactEveryMs?: number;
  /** Ops a bucket must have gained before it is compacted. */
  compactMinAppended?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** A name for a new life of the storage; see {@link defaultPrefix}. */
  newPrefix?: () => string;
  /** A client's first write checkpoint is at least this. Default: the clock, so that numbers rise when a storage was lost. */
  writeCheckpointFloor?: () => number;
}

/** The embedded sync service: what serves PowerSync's protocol to the unmodified SDK. */
export interface SyncEngine {
  /** Under {@link SYNC_PREFIX}. */
  routes: FastifyPluginAsync;
  /**
   * Resolves once streams are served, or once it is clear that another process serves this storage. Rejects when the
   * source is not fit, or cannot be reached for a while. Afterwards, failures are logged and tried again for ever.
   */
  start(): Promise<void>;
  /** Ends all streams and connections. */
  stop(): Promise<void>;
  /** Compacts the histories that are worth it now; returns how many ops they are shorter by. */
  compact(): Promise<number>;
}

const KEEPALIVE_MS = 20_000;
const COMPACT_EVERY_MS = 10 * 60_000;
const COMPACT_MIN_APPENDED = 500;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** After a crash, Postgres may need a while to recover, and to notice that the old process is gone. */
const START_LIMIT_MS = 60_000;

/** Throws when the sync config cannot be used. */
export function createSyncEngine(options: SyncEngineOptions): SyncEngine {
  const { log, now = Date.now } = options;
  const onIdleError = (error: Error) => log.warn({ err: error }, 'sync: an idle connection broke');
  const config = createSyncConfig(options.configYaml, log);
  const source = createSource(options.source, onIdleError);
  const storage = createStorage({
    url: options.storage,
    writeCheckpointFloor: options.writeCheckpointFloor ?? now,
    onIdleError,
  });
  const serving = createServingHolder();
  const metrics = createSyncMetrics(options.metrics, async () => {
    const lsn = serving.current()?.hub.lsn;
    if (lsn === undefined) return Number.NaN;
    return source.end().then(
      (end) => Math.max(0, Number(end - lsn)),
      () => Number.NaN,
    );
  });
  const compactor = createCompactor({
    storage,
    serving: serving.current,
    metrics,
    log,
    minAppended: options.compactMinAppended ?? COMPACT_MIN_APPENDED,
  });
  const stopping = new AbortController();
  const streams = new Set<Promise<void>>();
  let running: Promise<void> = Promise.resolve();
  let compaction: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | null = null;

  const attempt = (onReady: () => void) =>
    replicate({
      sourceUrl: options.source,
      source,
      storage,
      config,
      serving,
      compactor,
      metrics,
      log,
      slot: options.slot ?? slotFor(options.source),
      publication: options.publication ?? 'powersync',
      now,
      breathe: createBreather(now),
      newPrefix: options.newPrefix ?? (() => defaultPrefix(now())),
      stopping: stopping.signal,
      onReady,
    });

  const stop = async () => {
    clearInterval(compaction);
    stopping.abort();
    serving.end();
    await running;
    await compactor.pause();
    await Promise.allSettled(streams);
    await Promise.all([source.close(), storage.close()]);
  };

  return {
    routes: syncRoutes({
      verify: options.verify,
      serving: serving.current,
      metrics,
      log,
      now,
      keepaliveMs: options.keepaliveMs ?? KEEPALIVE_MS,
      async writeCheckpoint(client, requested) {
        const current = serving.current();
        if (!current) throw notReady();
        const checkpoint = await storage.writeCheckpoint(client, await source.mark(), requested);
        current.hub.setWriteCheckpoint(client, checkpoint);
        return checkpoint.id;
      },
      track(stream) {
        streams.add(stream);
        stream.finally(() => streams.delete(stream));
      },
    }),
    start() {
      compaction = setInterval(() => {
        compactor.run().catch((error: unknown) => log.error({ err: error }, 'sync: compaction failed'));
      }, options.compactEveryMs ?? COMPACT_EVERY_MS);
      return new Promise((resolve, reject) => {
        const loop = keepReplicating({
          attempt,
          log,
          metrics,
          now,
          stopping: stopping.signal,
          started: resolve,
        });
        // Stopped before it was ready: nobody is left to wait.
        running = loop.then(resolve, reject);
      });
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
    compact: compactor.run,
  };
}

interface Loop {
  attempt: (onReady: () => void) => Promise<never>;
  log: Logger;
  metrics: Pick<SyncMetrics, 'replicationFailures'>;
  now: () => number;
  stopping: AbortSignal;
  started: () => void;
}

/** Replicates, and after a failure again, with growing pauses. Rejects only before the first success. */
async function keepReplicating({ attempt, log, metrics, now, stopping, started }: Loop): Promise<void> {
  const giveUpAt = now() + START_LIMIT_MS;
  let everReady = false;
  let standingBy = false;
  let pause = FIRST_RETRY_MS;
  const onReady = () => {
    everReady = true;
    standingBy = false;
    pause = FIRST_RETRY_MS;
    started();
  };
  while (!stopping.aborted) {
    try {
      await attempt(onReady);
    } catch (error) {
      if (stopping.aborted) break;
      if (error instanceof StandBy) {
        if (!standingBy) log.info('sync: another process serves this storage; standing by');
        standingBy = true;
        started();
      } else {
        if (!everReady && !standingBy && (error instanceof SourceUnfit || now() > giveUpAt)) throw error;
        metrics.replicationFailures.inc();
        log.warn({ err: error, retryInMs: pause }, 'sync: replication failed; trying again');
      }
    }
    await delay(pause, undefined, { signal: stopping }).catch(() => undefined);
    pause = Math.min(pause * 2, LAST_RETRY_MS);
  }
}

/**
 * Bucket names of different lives of a storage must never be the same: a client that holds ops of one would take
 * the other's for their continuation. Time and chance together also tell apart storages that know nothing of each other.
 */
const defaultPrefix = (nowMs: number): string => `${nowMs.toString(36)}${randomBytes(3).toString('hex')}`;

/** A slot's name allows lower-case letters, digits and underscores, at most 63. */
function slotFor(sourceUrl: string): string {
  const database = decodeURIComponent(new URL(sourceUrl).pathname.slice(1));
  return `rejoin_sync_${database.toLowerCase().replace(/[^a-z0-9_]/g, '_')}`.slice(0, 63);
}
