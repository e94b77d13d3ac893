import type { Schema } from '@tiptap/pm/model';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { watchArrival } from './arrival.ts';
import { openConnection } from './connection.ts';
import type { Connectivity, TicketUploads } from './connectivity.ts';
import { type BeyondUs, guardContent } from './content-guard.ts';
import type { LocalDocument } from './document.ts';
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
import type { UnsavedRecord } from './unsaved-record.ts';

/** One description that is open in this tab: for an editor, for the background sync, or for both. */
export interface Session {
  readonly ticketId: string;
  readonly doc: Y.Doc;
  readonly fragment: Y.XmlFragment;
  readonly awareness: Awareness;
  /** Storage and the synced snapshot are in the document. */
  readonly loaded: Observable<boolean>;
  /** What it holds is the description, as far as this device can know: if it is empty, nothing was written. */
  readonly arrived: Observable<boolean>;
  readonly saveState: Observable<SaveState>;
  /** Why no editor may have the document, if so. */
  readonly beyondUs: Observable<BeyondUs>;
  /** Grows with each change of `beyondUs`: the editor of an earlier turn is gone. */
  readonly turn: Observable<number>;
  /** Says whether this person may write here; until then this device changes nothing by itself. */
  setMayWrite(mayWrite: boolean): void;
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
  const arrival = watchArrival(local.doc, deps.connectivity, closing.signal);
  const keeper = keepRecord({ ticketId, ...deps });
  const { saveState, report, isUnsaved } = trackSaving(keeper);
  // Before the provider listens: a change must be known as unsent when its frame leaves.
  reportChanges(local.doc, report);
  const { collabUrl: url, sharesWithTabs, now } = deps;
  const hear = (event: SaveEvent) => {
    report(event);
    pieces.hear(event);
  };
  const { doc, brought, flush } = local;
  const connection = openConnection({
    url,
    ticketId,
    doc,
    sharesWithTabs,
    brought,
    isUnsaved,
    report: hear,
    answered: arrival.answered,
    now,
  });
  const follow = () => (deps.connectivity.get() ? connection.connect() : connection.disconnect());
  const pieces = createPieces({
    ...deps,
    ticketId,
    doc,
    closing: closing.signal,
    done: connection.done,
    report,
    follow,
  });

  const sendAll = () => {
    report({ kind: 'changed' });
    connection.disconnect();
    follow();
  };
  const guard = guardContent(fragment, local.doc, sendAll);

  const start = async () => {
    const [{ schemaVersion }, schema] = await Promise.all([local.loaded, loadSchema(deps)]);
    const reportStorage = () => report({ kind: 'storage', stored: local.stored.get() });
    report({ kind: 'loaded', stored: local.stored.get(), unsaved: await keeper.isUnsaved() });
    closing.signal.addEventListener('abort', local.stored.subscribe(reportStorage));
    guard.start(schema, schemaVersion);
    loaded.set(true);
    arrival.begin(await deps.uploads.isQueued(ticketId));
    await deps.uploads.whenUploaded(ticketId, closing.signal);
    if (closing.signal.aborted) return;
    closing.signal.addEventListener('abort', deps.connectivity.subscribe(follow));
    follow();
  };
  start().catch((cause: unknown) => {
    if (!closing.signal.aborted)
      deps.warn(`The description of ticket ${ticketId} could not be opened.`, cause);
  });

  const { awareness } = connection;
  return {
    ticketId,
    doc,
    fragment,
    awareness,
    loaded,
    arrived: arrival.arrived,
    saveState,
    beyondUs: guard.beyondUs,
    turn: guard.turn,
    setMayWrite: guard.setMayWrite,
    flush,
    retry() {
      report({ kind: 'retried' });
      follow();
    },
    sendAll,
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

/** Words wait to be sent also where the editor cannot be loaded: Rejoin was updated, say, and its old code is gone. */
async function loadSchema(deps: SessionDeps): Promise<Schema | null> {
  try {
    return await deps.loadSchema();
  } catch (cause) {
    deps.warn('The editor could not be loaded.', cause);
    return null;
  }
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
  return { saveState, report, isUnsaved: () => progress.unsaved };
}

/** What storage, the snapshot and the network bring is not local; what this person writes is. */
function reportChanges(doc: Y.Doc, report: (event: SaveEvent) => void): void {
  doc.on('update', (_update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
    if (transaction.local || origin === WRITTEN_HERE) report({ kind: 'changed' });
  });
}
