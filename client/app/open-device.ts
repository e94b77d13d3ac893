import { createConsoleLogger, LogLevels } from '@powersync/common';
import type { Descriptions } from '../description/descriptions.ts';
import type { ConnectivityStore } from '../local-db/connectivity.ts';
import { createConnector } from '../local-db/connector.ts';
import { createLocalData, type LocalData } from '../local-db/local-data.ts';
import { openLocalDb } from '../local-db/open.ts';
import type { SignedIn } from '../local-db/signed-in.ts';
import { followConnection } from '../local-db/sync-connection.ts';
import { createUnwritten, type Unwritten } from '../local-db/windows/unwritten.ts';
import { openDescriptions } from './session-descriptions.ts';

export interface DeviceDeps {
  readonly userId: string;
  /** What this device's storage is known by: the person's id, or that and a device of the laboratory. */
  readonly owner: string;
  readonly signedIn: SignedIn;
  readonly onSignedOut: () => void;
  readonly connectivity: ConnectivityStore;
  readonly sharesWithTabs: boolean;
  readonly storage: Storage;
  /** `wss://host/collab`. */
  readonly collabUrl: string;
  readonly locks: LockManager | undefined;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** One person's data on one device, open and following its connection. */
export interface OpenDevice {
  readonly data: LocalData;
  readonly descriptions: Descriptions;
  readonly unwritten: Unwritten;
  close(): Promise<void>;
}

export async function openDevice(deps: DeviceDeps): Promise<OpenDevice> {
  const { userId, owner, signedIn, onSignedOut, connectivity, storage, fetch, newId, now } = deps;
  const logger = createConsoleLogger({ prefix: 'Rejoin', minLevel: LogLevels.warn });
  const db = await openLocalDb({ owner, storage, logger });
  const isReachable = () => answers(fetch);
  const isSignedIn = signedIn.current;
  const connector = createConnector({ fetch, now, userId, isSignedIn, onSignedOut, isReachable });
  const descriptions = openDescriptions({ ...deps, db });
  const unsentDescriptions = {
    current: () => descriptions.sync.waiting.get().length,
    subscribe: descriptions.sync.waiting.subscribe,
  };
  const unwritten = createUnwritten({ storage, scope: owner, newId, now });
  const data = createLocalData({
    db,
    userId,
    connectivity,
    signedIn,
    unsentDescriptions,
    unwritten,
    storage,
    owner,
    newId,
    now,
  });
  const stopFollowing = followConnection({ db, connector, connectivity, signedIn });
  const close = async () => {
    stopFollowing();
    data.close();
    await descriptions.close();
    await db.close();
  };
  return { data, descriptions, unwritten, close };
}

/** Whether the server answers at all. */
async function answers(fetch: DeviceDeps['fetch']): Promise<boolean> {
  try {
    return (await fetch('/healthz', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
