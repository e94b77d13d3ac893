import type { CommonPowerSyncDatabase } from '@powersync/common';
import type { OpMetadata } from '../../shared/protocol/upload.ts';
import type { ConnectivityStore } from './connectivity.ts';
import { followData, type LostData } from './data-marker.ts';
import { createEdits, type Edits } from './edits.ts';
import type { SignedIn } from './signed-in.ts';
import { createSyncMonitor, type SyncMonitor, type UnsentDescriptions } from './sync-monitor.ts';
import { createTables, type Tables } from './tables.ts';
import { createCommitter } from './windows/committer.ts';
import { createOpenWindows } from './windows/open-windows.ts';
import type { Unwritten } from './windows/unwritten.ts';

interface LocalDataDeps {
  readonly db: CommonPowerSyncDatabase;
  readonly userId: string;
  readonly connectivity: ConnectivityStore;
  readonly signedIn: SignedIn;
  readonly unsentDescriptions: UnsentDescriptions;
  readonly unwritten: Unwritten;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** What this device's storage is known by. */
  readonly owner: string;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** One person's data on this device: what the screens read from and write to. */
export interface LocalData {
  readonly db: CommonPowerSyncDatabase;
  readonly userId: string;
  readonly connectivity: ConnectivityStore;
  readonly sync: SyncMonitor;
  readonly tables: Tables;
  readonly edits: Edits;
  /** What the browser cleared since this device was last used; null when all is there. */
  readonly lostData: LostData | null;
  close(): void;
}

export function createLocalData(deps: LocalDataDeps): LocalData {
  const { db, userId, connectivity, signedIn, unsentDescriptions, unwritten, storage, owner } = deps;
  const { newId, now } = deps;
  const windows = createOpenWindows(db);
  const sync = createSyncMonitor({ db, connectivity, signedIn, unsentDescriptions, now });
  const aboutNow = (): OpMetadata => {
    const state = sync.current();
    const made = { made_at: now().toISOString() };
    // A server that cannot be reached keeps a device apart as a missing network does.
    return 'since' in state ? { ...made, offline_since: state.since } : made;
  };
  const commit = createCommitter({ db, liveWindows: windows.live, aboutNow, unwritten });
  const edits = createEdits({ commit, userId, newId, now });
  const marker = followData({ db, sync, storage, owner, now });
  const close = () => {
    marker.close();
    sync.close();
  };
  const tables = createTables(windows);
  return { db, userId, connectivity, sync, tables, edits, lostData: marker.lost, close };
}
