import { fromBase64 } from 'lib0/buffer';
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { type Brought, decodeBrought, encodeBrought } from './brought.ts';
import type { DescriptionRows } from './connectivity.ts';
import { createValue, type Observable, type Value } from './observable.ts';
import type { UnsavedRecord } from './unsaved-record.ts';

/** The origin of updates from the synced snapshot: nobody wrote them here, and the server has them. */
const SEED = Symbol('seed from the synced snapshot');

/** A description's Yjs document, kept in this browser. */
export interface LocalDocument {
  readonly doc: Y.Doc;
  /** What this device brought to the server, until it is acknowledged; outlives the page. */
  readonly brought: Value<readonly Brought[]>;
  /** What storage and the synced snapshot hold is in the document; never rejects. */
  readonly loaded: Promise<LoadedDocument>;
  /** False while this browser does not keep what is written: storage is blocked, or full. */
  readonly stored: Observable<boolean>;
  /** Resolves when all that was written up to now is in storage. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface LoadedDocument {
  /** The schema version of the synced snapshot; 0 when there is none. */
  readonly schemaVersion: number;
}

export interface DocumentDeps {
  readonly userId: string;
  readonly rows: DescriptionRows;
  /** Which descriptions hold words that the server lacks. */
  readonly record: Pick<UnsavedRecord, 'entries'>;
  /** Tells the developer what went wrong; the person is told by the save state. */
  readonly warn: (message: string, cause: unknown) => void;
}

/** The database of one description: by person, so that another account on this browser never sees it. */
export const documentName = (userId: string, ticketId: string): string =>
  `rejoin-description/${userId}/${ticketId}`;

/**
 * Opens the document of a ticket and fills it from storage, then from the synced snapshot (D5). Nothing else is
 * ever put in: no empty paragraph, no template (D6). Merging a snapshot that is already in it changes nothing.
 */
export function openDocument(ticketId: string, deps: DocumentDeps): LocalDocument {
  const doc = new Y.Doc();
  const storage = new IndexeddbPersistence(documentName(deps.userId, ticketId), doc);
  const stored = createValue(true);
  const brought = createValue<readonly Brought[]>([]);
  const closing = new AbortController();
  const opened = isStored(storage, deps);
  return {
    doc,
    brought,
    stored,
    loaded: opened.then(async (isKept) => {
      stored.set(isKept);
      if (isKept) {
        watchStorage({ doc, storage, stored, warn: deps.warn, closing: closing.signal });
        await keepBrought(brought, storage, deps);
      }
      return { schemaVersion: await seed(doc, ticketId, deps) };
    }),
    async flush() {
      if (await opened) await written(storage);
    },
    async close() {
      if (await opened) await written(storage);
      closing.abort();
      doc.destroy();
    },
  };
}

const BROUGHT_KEY = 'brought';

/** Without it a question might not be asked (D11); the words themselves are in the document. */
async function keepBrought(
  brought: Value<readonly Brought[]>,
  storage: IndexeddbPersistence,
  { warn }: DocumentDeps,
): Promise<void> {
  const complain = (cause: unknown) => warn('With what this device came to the server was not noted.', cause);
  try {
    const kept: unknown = await storage.get(BROUGHT_KEY);
    if (kept instanceof ArrayBuffer) brought.set(decodeBrought(kept));
  } catch (cause) {
    complain(cause);
  }
  brought.subscribe(() => storage.set(BROUGHT_KEY, encodeBrought(brought.get())).catch(complain));
}

/** y-indexeddb never says that it could not open its database; a read of it does. */
async function isStored(storage: IndexeddbPersistence, deps: DocumentDeps): Promise<boolean> {
  try {
    await inTime(storage.get('opened').then(() => storage.whenSynced));
    return true;
  } catch (cause) {
    deps.warn('This browser does not let Rejoin keep descriptions (IndexedDB is blocked or full).', cause);
    return false;
  }
}

/** A database that another tab blocks or that holds damaged data never answers; the editor must not wait for it. */
const STORAGE_PATIENCE_MS = 10_000;

async function inTime(work: Promise<unknown>): Promise<void> {
  const late = AbortSignal.timeout(STORAGE_PATIENCE_MS);
  const lateness = new Promise<never>((_resolve, reject) => {
    late.addEventListener('abort', () => reject(late.reason), { once: true });
  });
  await Promise.race([work, lateness]);
}

async function seed(doc: Y.Doc, ticketId: string, deps: DocumentDeps): Promise<number> {
  try {
    const row = await deps.rows.read(ticketId);
    if (row === null) return 0;
    // A copy with unsent words must come to the server as it was left: from its state the server tells what others
    // wrote meanwhile (D11). The server brings the rest.
    if (!(await isUnsent(ticketId, deps))) Y.applyUpdate(doc, fromBase64(row.snapshot), SEED);
    return row.schemaVersion;
  } catch (cause) {
    deps.warn('The synced copy of a description could not be read; the server will send it again.', cause);
    return 0;
  }
}

async function isUnsent(ticketId: string, { record }: DocumentDeps): Promise<boolean> {
  return (await record.entries()).some((entry) => entry.ticketId === ticketId);
}

/** y-indexeddb writes without telling when it is done; a transaction on the same store waits for those before it. */
function written(storage: IndexeddbPersistence): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = storage.db?.transaction('updates', 'readonly');
    if (!transaction) return resolve();
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
    transaction.objectStore('updates').count();
  });
}

interface StorageWatch {
  readonly doc: Y.Doc;
  readonly storage: IndexeddbPersistence;
  readonly stored: Value<boolean>;
  readonly warn: DocumentDeps['warn'];
  readonly closing: AbortSignal;
}

/** Room may come back: the person deletes files, or the browser makes some. */
const STORE_AGAIN_MS = 10_000;

/**
 * y-indexeddb does not look at what becomes of its writes. A write that fails (no room left) aborts its
 * transaction, and the database hears of it; then the whole document is written anew until that succeeds.
 */
function watchStorage({ doc, storage, stored, warn, closing }: StorageWatch): void {
  const { db } = storage;
  if (!db) return;
  let again: ReturnType<typeof setTimeout> | undefined;
  const storeAll = () => {
    again = undefined;
    if (closing.aborted) return;
    const transaction = db.transaction('updates', 'readwrite');
    transaction.oncomplete = () => stored.set(true);
    transaction.objectStore('updates').add(Y.encodeStateAsUpdate(doc));
  };
  const notice = (event: Event) => {
    if (stored.get()) warn('This browser could not keep a description: its storage is full.', event);
    stored.set(false);
    again ??= setTimeout(storeAll, STORE_AGAIN_MS);
  };
  db.addEventListener('abort', notice);
  closing.addEventListener('abort', () => {
    clearTimeout(again);
    db.removeEventListener('abort', notice);
  });
}
