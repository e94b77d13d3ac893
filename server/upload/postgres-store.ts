import pg from 'pg';
import { inTransaction } from '../db/pool.ts';
import { lockDevice, readAnswers, recordAnswers } from './ledger-store.ts';
import { loadSnapshot } from './postgres-load.ts';
import { writeChanges } from './postgres-write.ts';
import { PassingFault, type UploadSession, type UploadStore, type Written } from './store.ts';

/** Uploads over Postgres, in READ COMMITTED: rows are read after they are locked, so they are what they were locked as. */
export function createPostgresUploadStore(pool: pg.Pool): UploadStore {
  return {
    async transaction(work) {
      try {
        return await inTransaction(pool, (tx) => work(sessionOver(tx)));
      } catch (error) {
        if (isPassing(error))
          throw new PassingFault('The database could not finish an upload.', { cause: error });
        throw error;
      }
    },
  };
}

function sessionOver(tx: pg.ClientBase): UploadSession {
  return {
    async answered(device, opIds) {
      await lockDevice(tx, device);
      return readAnswers(tx, device, opIds);
    },
    load: (needs) => loadSnapshot(tx, needs),
    async write(changes) {
      await tx.query('SAVEPOINT upload');
      const written = await attempt(tx, () => writeChanges(tx, changes));
      if (written.ok) await tx.query('RELEASE SAVEPOINT upload');
      return written;
    },
    async wouldWrite(changes) {
      await tx.query('SAVEPOINT upload');
      const written = await attempt(tx, () => writeChanges(tx, changes));
      if (written.ok) await tx.query('ROLLBACK TO SAVEPOINT upload');
      return written;
    },
    record: (device, outcomes) => recordAnswers(tx, device, outcomes),
  };
}

async function attempt(tx: pg.ClientBase, write: () => Promise<void>): Promise<Written> {
  try {
    await write();
    return { ok: true };
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    await tx.query('ROLLBACK TO SAVEPOINT upload');
    return { ok: false, cause };
  }
}

/** Classes 22 (data exception) and 23 (integrity constraint violation): the values cannot stand. */
const isRefusal = (error: unknown): boolean => /^2[23]/.test(sqlState(error) ?? '');

/**
 * Serialization failure, deadlock, lock not available; connection lost, server shutting down or starting.
 * Source: PostgreSQL's appendix of error codes.
 */
const isPassing = (error: unknown): boolean => /^(40001|40P01|55P03|08|57P0|53)/.test(sqlState(error) ?? '');

function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}
