import { type CommonPowerSyncDatabase, LogLevels } from '@powersync/common';
import { createTransaction } from '@tanstack/db';
import type { OpMetadata } from '../../../shared/protocol/upload.ts';
import { retryWhileLocked } from '../storage-retry.ts';
import { RowGoneError, type RowWrite, writeRows } from './row-write.ts';
import type { Unwritten, UnwrittenEdit } from './unwritten.ts';
import type { LiveWindow } from './window-collection.ts';

/** Whether the edit is now safe on this device. Never about the server: see the upload queue for that. */
export type EditResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Shows the rows at once in every open window, and writes them in one SQLite transaction: one entry of the queue. */
export type Commit = (writes: readonly RowWrite[]) => Promise<EditResult>;

interface CommitterDeps {
  readonly db: CommonPowerSyncDatabase;
  readonly liveWindows: () => readonly LiveWindow[];
  readonly aboutNow: () => OpMetadata;
  readonly unwritten: Unwritten;
}

export function createCommitter({ db, liveWindows, aboutNow, unwritten }: CommitterDeps): Commit {
  // What an earlier page could not write any more comes before everything that is edited now.
  let lastWritten: Promise<void> = writeLeftovers(db, unwritten);
  let lastSettled: Promise<void> = Promise.resolve();

  /** Edits reach SQLite in the order they were made, also when one has to be tried again. */
  const write = (edit: UnwrittenEdit): Promise<void> => {
    const written = lastWritten.then(() => writeOnce(db, edit)).finally(() => unwritten.forget(edit.id));
    lastWritten = written.catch(() => {}); // its author hears of it below
    return written;
  };

  /**
   * Edits settle in the order they were made: were a newer one to settle first, the older one's value of the same
   * row would show through for a frame.
   */
  const inOrder = (work: Promise<void>): Promise<void> => {
    const previous = lastSettled;
    const settled = work.then(
      () => previous,
      (error) => previous.then(() => Promise.reject(error)),
    );
    lastSettled = settled.catch(() => {});
    return settled;
  };

  return async (writes) => {
    const edit = unwritten.note(writes, aboutNow());
    const tables = new Set(writes.map(({ table }) => table));
    const windows = liveWindows().filter((window) => tables.has(window.table));
    const persist = () => inOrder(write(edit).then(() => reread(windows)));
    try {
      await showAndPersist(writes, windows, persist);
      return { ok: true };
    } catch (error) {
      return { ok: false, reason: inWords(error) };
    }
  };
}

/** Once, whoever does it: this page, the next one after a reload, or another tab that found the edit noted. */
function writeOnce(db: CommonPowerSyncDatabase, { id, writes, about }: UnwrittenEdit): Promise<void> {
  return retryWhileLocked(() =>
    db.writeTransaction(async (tx) => {
      if (await tx.getOptional('SELECT 1 AS there FROM written_edits WHERE id = ?', [id])) return;
      await tx.execute('INSERT INTO written_edits (id) VALUES (?)', [id]);
      await writeRows(tx, writes, about);
    }),
  );
}

async function writeLeftovers(db: CommonPowerSyncDatabase, unwritten: Unwritten): Promise<void> {
  const left = unwritten.left();
  for (const edit of left) {
    try {
      await writeOnce(db, edit);
      unwritten.forget(edit.id);
    } catch (error) {
      // Kept where it is: the next start tries again.
      const message = 'an edit of an earlier page could not be written';
      db.logger.log({ level: LogLevels.error, message, error });
    }
  }
  // Marks are needed only while somebody may still find the edit noted.
  const noted = JSON.stringify(unwritten.left().map(({ id }) => id));
  const outdated = 'DELETE FROM written_edits WHERE id NOT IN (SELECT value FROM json_each(?))';
  await db.execute(outdated, [noted]).catch(() => {}); // the next start cleans up
}

async function showAndPersist(
  writes: readonly RowWrite[],
  windows: readonly LiveWindow[],
  persist: () => Promise<void>,
): Promise<void> {
  const transaction = createTransaction({ autoCommit: false, mutationFn: persist });
  transaction.mutate(() => {
    for (const write of writes) {
      for (const window of windows) if (window.table === write.table) window.show(write);
    }
  });
  // No window shows these rows: TanStack DB has nothing to do, SQLite has.
  if (transaction.mutations.length === 0) return persist();
  await transaction.commit();
}

/**
 * Hands the windows what was read after the write; then TanStack DB drops the optimistic rows and shows what was read
 * in one step. Its commit waits for this very promise, so never wait for that commit here.
 */
async function reread(windows: readonly LiveWindow[]): Promise<void> {
  // The write is durable: a failed re-read must not roll it back on screen.
  await Promise.allSettled(windows.map((window) => window.refresh()));
}

function inWords(error: unknown): string {
  if (error instanceof RowGoneError) return 'This was deleted meanwhile, so the change could not be made.';
  const detail = error instanceof Error ? error.message : String(error);
  return `The change could not be saved on this device (${detail}). Reload the page and try again.`;
}
