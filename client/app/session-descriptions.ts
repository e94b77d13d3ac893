import { type CommonPowerSyncDatabase, LogLevels } from '@powersync/common';
import { createDescriptions, type Descriptions } from '../description/descriptions.ts';
import { createImageStore } from '../description/image-store.ts';
import { createTabs } from '../description/tabs.ts';
import { createUnsavedRecord } from '../description/unsaved-record.ts';
import type { ConnectivityStore } from '../local-db/connectivity.ts';
import { createDescriptionPorts, createSocketsAllowed } from '../local-db/description-ports.ts';
import type { SignedIn } from '../local-db/signed-in.ts';

interface SessionDescriptionsDeps {
  readonly db: CommonPowerSyncDatabase;
  /** Whose they are: the person's id, or what one of their devices in the laboratory is known by. */
  readonly owner: string;
  readonly connectivity: ConnectivityStore;
  readonly signedIn: SignedIn;
  readonly collabUrl: string;
  readonly locks: LockManager | undefined;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly newId: () => string;
  readonly now: () => Date;
  /** False in the laboratory: there a device must not reach another but through the server. */
  readonly sharesWithTabs: boolean;
}

/** One person's descriptions; what was written offline starts to leave at once. */
export function openDescriptions(deps: SessionDescriptionsDeps): Descriptions {
  const { db, owner, connectivity, signedIn, collabUrl, locks, fetch, newId, now, sharesWithTabs } = deps;
  const { uploads, rows } = createDescriptionPorts(db);
  const descriptions = createDescriptions({
    userId: owner,
    collabUrl,
    sharesWithTabs,
    connectivity: createSocketsAllowed(connectivity, signedIn),
    uploads,
    rows,
    record: createUnsavedRecord(owner),
    imageStore: createImageStore(owner),
    fetch,
    newId,
    now: () => now().getTime(),
    tabs: createTabs({ userId: owner, createId: newId, locks }),
    warn: (message, error) => db.logger.log({ level: LogLevels.warn, message, error }),
  });
  descriptions.sync.start();
  return descriptions;
}

/** Deletes this person's descriptions from this device. Only once they are closed. */
export async function eraseDescriptions(userId: string): Promise<void> {
  // Older browsers cannot list databases; there the documents stay, out of everybody's sight.
  const databases = (await indexedDB.databases?.()) ?? [];
  const mine = [`rejoin-description/${userId}/`, `rejoin-descriptions/${userId}`];
  for (const { name } of databases) {
    if (name && mine.some((prefix) => name.startsWith(prefix))) indexedDB.deleteDatabase(name);
  }
}
