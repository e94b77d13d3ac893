import { describe, expect, it } from 'vitest';
import { followData, forgetData } from '../../client/local-db/data-marker.ts';
import type { SyncState } from '../../client/local-db/sync-state.ts';
import { openTestDb, whyNoSqlite } from './client-local-db.ts';

const AT = new Date('2026-03-01T10:00:00.000Z');

function memoryStorage() {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
}

function monitor(state: SyncState) {
  let now = state;
  const listeners = new Set<() => void>();
  return {
    current: () => now,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {},
    become: (next: SyncState) => {
      now = next;
      for (const listener of listeners) listener();
    },
  };
}

/** A database that has synced, as far as the marker looks. */
const holding = { hasSynced: true };
const empty = { hasSynced: false };

describe.skipIf(whyNoSqlite)('the note that this device holds data', () => {
  const start = async (
    status: { hasSynced: boolean },
    storage: ReturnType<typeof memoryStorage>,
    sync = monitor({ kind: 'synced', at: AT }),
  ) => {
    const local = await openTestDb();
    Object.defineProperty(local.db, 'currentStatus', { value: status });
    const marker = followData({ db: local.db, sync, storage, owner: 'ada', now: () => AT });
    return {
      lost: marker.lost,
      stop: async () => {
        marker.close();
        await local.close();
      },
    };
  };

  it('tells of a database that was cleared, with what had not been sent', async () => {
    const storage = memoryStorage();
    const sync = monitor({ kind: 'synced', at: AT });
    const first = await start(holding, storage, sync);
    expect(first.lost).toBeNull();
    sync.become({ kind: 'sending', pending: 2 });
    await first.stop();

    const second = await start(empty, storage);
    expect(second.lost).toEqual({ lastSeen: AT.toISOString(), unsent: 2 });
    await second.stop();
    forgetData(storage, 'ada');
    const third = await start(empty, storage);
    expect(third.lost).toBeNull();
    await third.stop();
  });

  it('is not there before the first download, and misses nothing while the data is there', async () => {
    const storage = memoryStorage();
    for (const status of [empty, empty, holding, holding]) {
      const device = await start(status, storage);
      expect(device.lost).toBeNull();
      await device.stop();
    }
  });
});
