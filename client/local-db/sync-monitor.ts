import { type CommonPowerSyncDatabase, LogLevels, type SyncStatus } from '@powersync/common';
import { z } from 'zod';
import type { ConnectivityStore } from './connectivity.ts';
import type { SignedIn } from './signed-in.ts';
import { SYNC_RETRY_MS } from './sync-connection.ts';
import { type SyncState, syncState } from './sync-state.ts';

/** The sync state of one open database, live. */
export interface SyncMonitor {
  current(): SyncState;
  subscribe(listener: () => void): () => void;
  close(): void;
}

/** How many descriptions hold words that are on this device only: they wait beside the upload queue. */
export interface UnsentDescriptions {
  current(): number;
  subscribe(listener: () => void): () => void;
}

interface MonitorDeps {
  readonly db: CommonPowerSyncDatabase;
  readonly connectivity: ConnectivityStore;
  readonly signedIn: SignedIn;
  readonly unsentDescriptions: UnsentDescriptions;
  readonly now: () => Date;
}

const PENDING_THROTTLE_MS = 30;
const countRows = z.array(z.object({ count: z.number() }));

export function createSyncMonitor(deps: MonitorDeps): SyncMonitor {
  const { db, connectivity, signedIn, unsentDescriptions } = deps;
  const listeners = new Set<() => void>();
  const abort = new AbortController();
  let queued = 0;
  let failure: Failure | undefined;
  let state = read();

  function read(): SyncState {
    const status = db.currentStatus;
    failure = nextFailure(failure, errorOf(status, queued), deps.now());
    return syncState({
      signedIn: signedIn.current(),
      connectivity: connectivity.current(),
      pending: queued + unsentDescriptions.current(),
      connected: status.connected,
      hasSynced: status.hasSynced ?? false,
      lastSyncedAt: status.lastSyncedAt,
      downloadedFraction: status.downloadProgress?.downloadedFraction,
      failing: failure && { since: failure.since, retryAt: failure.retryAt },
    });
  }

  const update = () => {
    const next = read();
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    for (const listener of [...listeners]) listener();
  };
  const count = async () => {
    try {
      queued = countRows.parse(await db.getAll('SELECT count(*) AS count FROM ps_crud'))[0]?.count ?? 0;
      if (!abort.signal.aborted) update();
    } catch (error) {
      if (abort.signal.aborted) return;
      db.logger.log({ level: LogLevels.error, message: 'Counting the changes to send failed', error });
    }
  };

  const stops = [
    connectivity.subscribe(update),
    signedIn.subscribe(update),
    unsentDescriptions.subscribe(update),
    db.registerListener({ statusChanged: update }),
  ];
  const options = { tables: ['ps_crud'], throttleMs: PENDING_THROTTLE_MS, signal: abort.signal };
  db.onChangeWithCallback({ onChange: count }, options);
  void count();

  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      abort.abort();
      for (const stop of stops) stop();
      listeners.clear();
    },
  };
}

interface Failure {
  readonly error: Error;
  /** When the first of the failures in a row was seen. */
  readonly since: string;
  readonly retryAt: number;
}

/** PowerSync forgets a failed upload only with the next one; by then what failed may have been discarded. */
const errorOf = (status: SyncStatus, queued: number): Error | undefined =>
  (queued > 0 ? status.uploadError : undefined) ?? (status.connected ? undefined : status.downloadError);

/** PowerSync does not say when it tries again, only that it waits a fixed time after each failure. */
function nextFailure(known: Failure | undefined, error: Error | undefined, now: Date): Failure | undefined {
  if (!error) return undefined;
  if (known?.error === error && known.retryAt > now.getTime()) return known;
  return { error, since: known?.since ?? now.toISOString(), retryAt: now.getTime() + SYNC_RETRY_MS };
}
