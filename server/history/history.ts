import type { FastifyPluginAsync } from 'fastify';
import type pg from 'pg';
import type pino from 'pino';
import type { Actors } from '../auth/actors.ts';
import { createHistoryThread } from './history-thread.ts';
import { foldOldRows } from './retention.ts';
import { historyRoutes } from './routes.ts';
import { createMeetingSettler } from './settle-meetings.ts';
import { createVersions } from './versions.ts';

export interface HistoryDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly log: pino.Logger;
  readonly clock: () => Date;
  readonly newId: () => string;
  /** How long every single update is kept; versions are kept for ever. */
  readonly retentionDays?: number;
}

/** The history of descriptions: their versions, and the questions that merges of offline edits leave (D11 to D13). */
export interface History {
  /** Looks at what a crash left, and from then on at what comes. */
  start(): void;
  /** A device came back after both sides had changed a description. */
  met(): void;
  readonly routes: FastifyPluginAsync;
  /** Resolves when every merge that this node can look at was looked at. */
  settled(): Promise<void>;
  /** Keeps the ends of old sessions as versions and drops their single updates; says of how many descriptions. */
  foldOldRows(): Promise<number>;
  stop(): Promise<void>;
}

const RETENTION_DAYS = 90;
/** Meetings are looked at as they come; this finds those of a node that died. */
const LOOK_AGAIN_MS = 60_000;
/** After the start has had its time; servers that are restarted often fold all the same. */
const FIRST_FOLD_MS = 10 * 60_000;
const FOLD_EVERY_MS = 6 * 60 * 60 * 1000;

export function createHistory({
  pool,
  actors,
  log,
  clock,
  newId,
  retentionDays = RETENTION_DAYS,
}: HistoryDeps): History {
  const thread = createHistoryThread();
  const settler = createMeetingSettler({ pool, thread, log, newId });
  const versions = createVersions({ pool, thread, clock });
  const timers: NodeJS.Timeout[] = [];
  const fold = () => foldOldRows({ pool, thread, log, clock, days: retentionDays });
  const foldInBackground = () => {
    fold().catch((error: unknown) =>
      log.error({ err: error }, 'Old history could not be folded; it is kept.'),
    );
  };

  return {
    start() {
      settler.wake();
      timers.push(setInterval(settler.wake, LOOK_AGAIN_MS).unref());
      timers.push(setTimeout(foldInBackground, FIRST_FOLD_MS).unref());
      timers.push(setInterval(foldInBackground, FOLD_EVERY_MS).unref());
    },
    met: settler.wake,
    routes: historyRoutes({ pool, actors, versions }),
    settled: settler.settled,
    foldOldRows: fold,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await settler.settled();
      await thread.close();
    },
  };
}
