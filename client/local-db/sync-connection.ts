import {
  type CommonPowerSyncDatabase,
  LogLevels,
  type PowerSyncBackendConnector,
  SyncStreamConnectionMethod,
} from '@powersync/common';
import type { ConnectivityStore } from './connectivity.ts';
import type { SignedIn } from './signed-in.ts';

/** How long sync and upload wait after a failure. A network that comes back does not wait for it. */
export const SYNC_RETRY_MS = 5_000;
/** Own edits leave the device at most this often. */
const UPLOAD_THROTTLE_MS = 100;

interface ConnectionDeps {
  readonly db: CommonPowerSyncDatabase;
  readonly connector: PowerSyncBackendConnector;
  readonly connectivity: ConnectivityStore;
  readonly signedIn: SignedIn;
}

/**
 * Connects the database while the person is signed in and does not work offline. Without a network it keeps trying,
 * because browsers err about that; when the network is back it starts afresh at once.
 * @returns stops following; the connection stays as it is.
 */
export function followConnection({ db, connector, connectivity, signedIn }: ConnectionDeps): () => void {
  let wanted = wantedNow();
  let steps: Promise<void> = Promise.resolve();

  function wantedNow() {
    const { kind } = connectivity.current();
    return { connect: kind !== 'work-offline' && signedIn.current(), kind };
  }

  const step = (work: () => Promise<void>) => {
    steps = steps.then(work).catch((error: unknown) => {
      db.logger.log({ level: LogLevels.warn, message: 'Connecting or disconnecting sync failed', error });
    });
  };
  const connect = () =>
    db.connect(connector, {
      connectionMethod: SyncStreamConnectionMethod.HTTP,
      retryDelayMs: SYNC_RETRY_MS,
      crudUploadThrottleMs: UPLOAD_THROTTLE_MS,
    });
  const update = () => {
    const before = wanted;
    wanted = wantedNow();
    const networkIsBack = before.kind === 'no-network' && wanted.kind === 'online';
    if (wanted.connect && (!before.connect || networkIsBack)) step(connect);
    if (!wanted.connect && before.connect) step(() => db.disconnect());
  };

  if (wanted.connect) step(connect);
  const stops = [connectivity.subscribe(update), signedIn.subscribe(update)];
  return () => {
    for (const stop of stops) stop();
  };
}
