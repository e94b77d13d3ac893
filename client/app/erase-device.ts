import { createConsoleLogger, LogLevels } from '@powersync/common';
import { hasLocalDb, openLocalDb } from '../local-db/open.ts';
import { createUnwritten } from '../local-db/windows/unwritten.ts';
import type { DeviceDeps } from './open-device.ts';

/** Empties the storage of a device that is not open. Descriptions are erased with the person's own. */
export async function eraseDevice(
  owner: string,
  { storage, newId, now }: Pick<DeviceDeps, 'storage' | 'newId' | 'now'>,
): Promise<void> {
  if (!hasLocalDb({ owner, storage })) return;
  const logger = createConsoleLogger({ prefix: 'Rejoin', minLevel: LogLevels.warn });
  const db = await openLocalDb({ owner, storage, logger });
  createUnwritten({ storage, scope: owner, newId, now }).clear();
  await db.disconnectAndClear();
  await db.close();
}
