import { type CommonPowerSyncDatabase, LogLevels } from '@powersync/common';
import { z } from 'zod';
import type { ConnectivityStore } from './connectivity.ts';
import type { SignedIn } from './signed-in.ts';

const snapshotRow = z.object({ schema_version: z.number(), snapshot: z.string() });

/** What descriptions need of the local database and its connection. */
export function createDescriptionPorts(db: CommonPowerSyncDatabase) {
  return {
    uploads: {
      whenUploaded: (ticketId: string, signal: AbortSignal) => whenUploaded(db, ticketId, signal),
      isQueued: (ticketId: string) =>
        isCreationQueued(db, ticketId).catch((error: unknown) => {
          logUnreadable(db, error);
          return false;
        }),
    },
    rows: {
      read: async (ticketId: string) => {
        const sql = 'SELECT schema_version, snapshot FROM descriptions WHERE id = ?';
        const row = snapshotRow.nullable().parse(await db.getOptional(sql, [ticketId]));
        return row && { schemaVersion: row.schema_version, snapshot: row.snapshot };
      },
    },
  };
}

/** Whether description sockets may be open: a network, the person's leave, and a session. */
export function createSocketsAllowed(connectivity: ConnectivityStore, signedIn: SignedIn) {
  return {
    get: () => connectivity.current().kind === 'online' && signedIn.current(),
    subscribe: (listener: () => void) => {
      const stops = [connectivity.subscribe(listener), signedIn.subscribe(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** Resolves once no creation of this ticket waits in the upload queue (D4); rejects only when aborted. */
async function whenUploaded(
  db: CommonPowerSyncDatabase,
  ticketId: string,
  signal: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = new AbortController();
    const abandon = () => {
      stop.abort();
      reject(signal.reason);
    };
    const look = async () => {
      try {
        if (stop.signal.aborted || (await isCreationQueued(db, ticketId))) return;
        signal.removeEventListener('abort', abandon);
        stop.abort();
        resolve();
      } catch (error) {
        // Asked again with the next change of the queue.
        logUnreadable(db, error);
      }
    };
    if (signal.aborted) return abandon();
    signal.addEventListener('abort', abandon, { once: true });
    db.onChangeWithCallback({ onChange: look }, { tables: ['ps_crud'], signal: stop.signal });
    void look();
  });
}

function logUnreadable(db: CommonPowerSyncDatabase, error: unknown): void {
  db.logger.log({ level: LogLevels.error, message: 'Reading the upload queue failed', error });
}

async function isCreationQueued(db: CommonPowerSyncDatabase, ticketId: string): Promise<boolean> {
  const sql = `SELECT 1 AS queued FROM ps_crud WHERE json_extract(data, '$.type') = 'tickets'
    AND json_extract(data, '$.op') = 'PUT' AND json_extract(data, '$.id') = ? LIMIT 1`;
  return (await db.getOptional(sql, [ticketId])) !== null;
}
