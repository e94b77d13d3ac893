import type { CommonPowerSyncDatabase } from '@powersync/common';
import { z } from 'zod';
import type { SyncMonitor } from './sync-monitor.ts';

/** What the browser took away, as far as it was noted beside it. */
export interface LostData {
  /** When the data was last known to be there, ISO 8601. */
  readonly lastSeen: string;
  /** Changes that had not been sent by then. */
  readonly unsent: number;
}

interface DataMarkerDeps {
  readonly db: CommonPowerSyncDatabase;
  readonly sync: SyncMonitor;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** Whose database it is. */
  readonly owner: string;
  readonly now: () => Date;
}

export interface DataMarker {
  /** Null when all is as this device left it. */
  readonly lost: LostData | null;
  close(): void;
}

const marker = z.object({ lastSeen: z.iso.datetime(), unsent: z.number() });
const keyOf = (owner: string): string => `rejoin.had-data.${owner}`;

/**
 * Browsers may clear the database of a site when space is short, without a word. A note in another storage says at
 * the next start that there was one. Begins before the first download, once the database is open.
 */
export function followData({ db, sync, storage, owner, now }: DataMarkerDeps): DataMarker {
  const key = keyOf(owner);
  const noted = read(storage.getItem(key));
  const lost = db.currentStatus.hasSynced ? null : noted;
  let written = '';

  const note = () => {
    if (!db.currentStatus.hasSynced) return;
    const state = sync.current();
    const unsent = 'pending' in state ? state.pending : 0;
    // The day is exact enough; a write for every sync would be many.
    const content = JSON.stringify([unsent, now().toDateString()]);
    if (content === written) return;
    written = content;
    try {
      storage.setItem(key, JSON.stringify({ lastSeen: now().toISOString(), unsent }));
    } catch {
      // Full or blocked: then a loss goes unnoticed, as it would have without the note.
    }
  };
  note();
  return { lost, close: sync.subscribe(note) };
}

/** Deleted on purpose: nothing is missed at the next start. */
export const forgetData = (storage: Pick<Storage, 'removeItem'>, owner: string): void =>
  storage.removeItem(keyOf(owner));

function read(text: string | null): LostData | null {
  if (text === null) return null;
  try {
    return marker.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
