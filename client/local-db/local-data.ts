import type { CommonPowerSyncDatabase } from '@powersync/common';
import type { OpMetadata } from '../../shared/protocol/upload.ts';
import type { ConnectivityStore } from './connectivity.ts';
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
}

export function createLocalData(deps: LocalDataDeps): LocalData {
  const { db, userId, connectivity, signedIn, unsentDescriptions, unwritten, newId, now } = deps;
  const windows = createOpenWindows(db);
  const aboutNow = (): OpMetadata => {
    const state = connectivity.current();
    const made = { made_at: now().toISOString() };
    return state.kind === 'online' ? made : { ...made, offline_since: state.since };
  };
  const commit = createCommitter({ db, liveWindows: windows.live, aboutNow, unwritten });
  const edits = createEdits({ commit, userId, newId, now });
  const sync = createSyncMonitor({ db, connectivity, signedIn, unsentDescriptions, now });
  return { db, userId, connectivity, sync, tables: createTables(windows), edits };
}
