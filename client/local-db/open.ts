import type { CommonPowerSyncDatabase, PowerSyncLogger } from '@powersync/common';
import { PowerSyncDatabase, WASQLiteVFS } from '@powersync/web';
import { v5 as uuidFromName } from 'uuid';
import { z } from 'zod';
import { AppSchema } from './schema.ts';

const storedChoice = z.enum([WASQLiteVFS.OPFSCoopSyncVFS, WASQLiteVFS.IDBBatchAtomicVFS]);
type StorageKind = z.output<typeof storedChoice>;

/** Any fixed UUID does: it only keeps these names apart from other uses of the same ids. */
const NAMES = '0d0f3a0e-53b8-4d0c-8b39-3b8f0b6f7a55';

interface OpenDeps {
  /** Whose it is: a person's id, or what one of their devices in the laboratory is known by. */
  readonly owner: string;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly logger: PowerSyncLogger;
}

/** Opens the person's database; each account on this browser has its own, so none sees another's data. */
export async function openLocalDb({ owner, storage, logger }: OpenDeps): Promise<CommonPowerSyncDatabase> {
  const name = nameOf(owner);
  const vfs = await storageKindOf(name, storage);
  const db = new PowerSyncDatabase({
    schema: AppSchema,
    database: { dbFilename: `rejoin-${name}.db`, vfs },
    logger,
  });
  await db.init();
  return db;
}

/** Whether this browser ever opened such a database. */
export const hasLocalDb = ({ owner, storage }: Pick<OpenDeps, 'owner' | 'storage'>): boolean =>
  storage.getItem(choiceKey(nameOf(owner))) !== null;

const nameOf = (owner: string): string => uuidFromName(owner, NAMES);
const choiceKey = (name: string): string => `rejoin.storage.${name}`;

/**
 * OPFS where the browser has it (3 to 15 times faster), IndexedDB otherwise. Once chosen it stays: a queue written
 * to one would not be found in the other.
 */
async function storageKindOf(name: string, storage: OpenDeps['storage']): Promise<StorageKind> {
  const key = choiceKey(name);
  const chosen = storedChoice.safeParse(storage.getItem(key));
  if (chosen.success) return chosen.data;
  const kind = (await hasOpfs()) ? WASQLiteVFS.OPFSCoopSyncVFS : WASQLiteVFS.IDBBatchAtomicVFS;
  storage.setItem(key, kind);
  return kind;
}

async function hasOpfs(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch {
    return false; // missing, or refused as in private windows
  }
}
