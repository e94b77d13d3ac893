import type { Schema } from '@tiptap/pm/model';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { SCHEMA_VERSION } from '../../shared/description/schema-version.ts';
import { openConnection } from './connection.ts';
import type { Connectivity, TicketUploads } from './connectivity.ts';
import type { LocalDocument } from './document.ts';
import { mendContent } from './mend-content.ts';
import { createValue, type Observable, when } from './observable.ts';
import { createPieces } from './pieces.ts';
import { keepRecord, type RecordKeeper } from './record-keeper.ts';
import {
  advance,
  initialProgress,
  type SaveEvent,
  type SaveState,
  sameSaveState,
  saveStateOf,
} from './save-state.ts';
import type { SendWhole } from './send-whole.ts';
import { changesHoldUnknown, holdsUnknown } from './unknown-content.ts';
import type { UnsavedRecord } from './unsaved-record.ts';

/** One description that is open in this tab: for an editor, for the background sync, or for both. */
export interface Session {
  readonly ticketId: string;
  readonly doc: Y.Doc;
  readonly fragment: Y.XmlFragment;
  readonly awareness: Awareness;
  /** Storage and the synced snapshot are in the document: an editor may show it. */
  readonly loaded: Observable<boolean>;
  readonly saveState: Observable<SaveState>;
  /** Why no editor may have the document, if so. It never becomes editable again. */
  readonly beyondUs: Observable<BeyondUs>;
  /** Tries again after a refusal. */
  retry(): void;
  /** Connects anew, so that all the server lacks is sent, whoever wrote it. */
  sendAll(): void;
  /** Resolves when all that was written is in this browser's storage. */
  flush(): Promise<void>;
  /** Waits for storage and, for a moment, for the server; never rejects. */
  settle(): Promise<void>;
  /** Closes the socket and frees the document; what is still on its way to storage gets there. */
  close(): Promise<void>;
}

/**
 * `newer`: it was made by a newer editor, or holds what this one does not know (D7). `damaged`: what it holds is
 * put together in a way that the editor could only delete.
 */
export type BeyondUs = 'no' | 'newer' | 'damaged';

export interface SessionDeps {
  readonly collabUrl: string;
  readonly sharesWithTabs: boolean;
  readonly connectivity: Connectivity;
  readonly uploads: TicketUploads;
  readonly record: UnsavedRecord;
  readonly tab: string;
  readonly now: () => number;
  readonly sendWhole: SendWhole;
  /** Loads the editor's schema, which is most of the editor: not before a description is opened. */
  readonly loadSchema: () => Promise<Schema>;
  readonly openDocument: (ticketId: string) => LocalDocument;
  readonly warn: (message: string, cause: unknown) => void;
}

/** How long a description that nobody looks at any more may wait for the server's acknowledgement. */
const SETTLE_PATIENCE_MS = 5_000;
/** The origin of an update that was prepared apart from the document, and was written by this person. */
export const WRITTEN_HERE = Symbol('written here');

export function openSession(ticketId: string, deps: SessionDeps): Session {
  const local = deps.openDocument(ticketId);
  const fragment = local.doc.getXmlFragment(FRAGMENT);
  const closing = new AbortController();
  const loaded = createValue(false);
  const keeper = keepRecord({ ticketId, ...deps });
  const { saveState, report } = trackSaving(keeper);
  // Before the provider listens: a change must be known as unsent when its frame leaves.
  reportChanges(local.doc, report);
  const guard = guardContent(fragment, local.doc);
  const { collabUrl: url, sharesWithTabs, now } = deps;
  const hear = (event: SaveEvent) => {
    report(event);
    pieces.hear(event);
  };
  const connection = openConnection({ url, ticketId, doc: local.doc, sharesWithTabs, report: hear, now });
  const follow = () => (deps.connectivity.get() ? connection.connect() : connection.disconnect());
  const pieces = createPieces({ ...deps, ticketId, doc: local.doc, closing: closing.signal, report, follow });

  const start = async () => {
    const [{ schemaVersion }, schema] = await Promise.all([local.loaded, deps.loadSchema()]);
    const reportStorage = () => report({ kind: 'storage', stored: local.stored.get() });
    report({ kind: 'loaded', stored: local.stored.get(), unsaved: await keeper.isUnsaved() });
    closing.signal.addEventListener('abort', local.stored.subscribe(reportStorage));
    guard.start(schema, schemaVersion);
    loaded.set(true);
    await deps.uploads.whenUploaded(ticketId, closing.signal);
    if (closing.signal.aborted) return;
    closing.signal.addEventListener('abort', deps.connectivity.subscribe(follow));
    follow();
  };
  start().catch((cause: unknown) => {
    if (!closing.signal.aborted)
      deps.warn(`The description of ticket ${ticketId} could not be opened.`, cause);
  });

  const { doc, flush } = local;
  const { awareness } = connection;
  return {
    ticketId,
    doc,
    fragment,
    awareness,
    loaded,
    saveState,
    beyondUs: guard.beyondUs,
    flush,
    retry() {
      report({ kind: 'retried' });
      follow();
    },
    sendAll() {
      report({ kind: 'changed' });
      connection.disconnect();
      follow();
    },
    async settle() {
      await flush().catch((cause: unknown) => deps.warn('A description could not be stored.', cause));
      await when(saveState, (state) => state.kind !== 'saving', AbortSignal.timeout(SETTLE_PATIENCE_MS));
    },
    async close() {
      closing.abort();
      connection.close();
      keeper.close();
      await local.close();
    },
  };
}

/** The save state, moved by what is reported; the record follows it. */
function trackSaving(keeper: RecordKeeper) {
  const saveState = createValue<SaveState>({ kind: 'saved' }, sameSaveState);
  let progress = initialProgress;
  const report = (event: SaveEvent) => {
    progress = advance(progress, event);
    keeper.update(progress.unsaved);
    saveState.set(saveStateOf(progress));
  };
  return { saveState, report };
}

/** What storage, the snapshot and the network bring is not local; what this person writes is. */
function reportChanges(doc: Y.Doc, report: (event: SaveEvent) => void): void {
  doc.on('update', (_update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
    if (transaction.local || origin === WRITTEN_HERE) report({ kind: 'changed' });
  });
}

/**
 * Looks at what arrives before any editor's binding sees it: what the schema does not know keeps the editor away
 * for good (D7), and what a merge has left incomplete is mended.
 */
function guardContent(fragment: Y.XmlFragment, doc: Y.Doc) {
  const beyondUs = createValue<BeyondUs>('no');
  const mend = (changed: Iterable<unknown>, schema: Schema) => {
    if (mendContent(changed, schema) === 'hopeless') beyondUs.set('damaged');
  };
  return {
    beyondUs,
    start(schema: Schema, schemaVersion: number) {
      if (schemaVersion > SCHEMA_VERSION || holdsUnknown(fragment, schema)) beyondUs.set('newer');
      else mend(fragment.toArray(), schema);
      doc.on('beforeObserverCalls', ({ local, changed }: Y.Transaction) => {
        if (local || beyondUs.get() !== 'no') return;
        const types: unknown[] = [...changed.keys()];
        if (changesHoldUnknown(types, fragment, schema)) beyondUs.set('newer');
        else mend(types.includes(fragment) ? fragment.toArray() : types, schema);
      });
    },
  };
}
