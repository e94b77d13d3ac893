import * as idb from 'lib0/indexeddb';
import { z } from 'zod';

/**
 * Which descriptions hold words that the server has not acknowledged. It outlives the page, so that text written
 * offline leaves the device although nobody opens its ticket again (D4).
 *
 * An entry belongs to the tab that made it, and only that tab, or whoever takes over after the tab is gone,
 * clears it: an acknowledgement of one tab's words says nothing of another's.
 */
export interface UnsavedRecord {
  mark(ticketId: string, tab: string): Promise<void>;
  clear(ticketId: string, tab: string): Promise<void>;
  entries(): Promise<readonly UnsavedEntry[]>;
  /** Calls `listener` after each change that this tab makes; returns what stops it. */
  subscribe(listener: () => void): () => void;
}

export interface UnsavedEntry {
  readonly ticketId: string;
  readonly tab: string;
}

const STORE = 'unsaved';
const key = z.tuple([z.string(), z.string()]);

/** One database per person: another account on this browser neither sees nor sends these. */
export function createUnsavedRecord(userId: string): UnsavedRecord {
  const opened = idb.openDB(`rejoin-descriptions/${userId}`, (db) => idb.createStores(db, [[STORE]]));
  // Each call reports the failure to its caller; without a caller yet it must not count as unhandled.
  opened.catch(() => undefined);
  const store = async (access: 'readonly' | 'readwrite') =>
    idb.getStore(await opened.then((db) => db.transaction(STORE, access)), STORE);
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async mark(ticketId, tab) {
      await idb.put(await store('readwrite'), true, [ticketId, tab]);
      tell();
    },
    async clear(ticketId, tab) {
      await idb.del(await store('readwrite'), [ticketId, tab]);
      tell();
    },
    async entries() {
      const keys = await idb.getAllKeys(await store('readonly'));
      return keys.flatMap((found) => {
        const parsed = key.safeParse(found);
        return parsed.success ? [{ ticketId: parsed.data[0], tab: parsed.data[1] }] : [];
      });
    },
  };
}
