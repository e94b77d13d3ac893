import { clearDocument } from 'y-indexeddb';
import * as Y from 'yjs';
import { createDescriptionSync, type DescriptionSync } from './background-sync.ts';
import type { Connectivity, DescriptionRows, TicketUploads } from './connectivity.ts';
import { documentName, openDocument } from './document.ts';
import type { FirstContent } from './first-content.ts';
import type { ImageStore } from './image-store.ts';
import { createImages, type Images } from './images.ts';
import { type Observable, when } from './observable.ts';
import { isOnItsWay } from './save-state.ts';
import { createSendImage } from './send-image.ts';
import { createSendWhole } from './send-whole.ts';
import { openSession, WRITTEN_HERE } from './session.ts';
import { type SharedSession, shareSessions } from './shared-sessions.ts';
import type { Tabs } from './tabs.ts';
import type { UnsavedRecord } from './unsaved-record.ts';
import { joinWaiting, type WaitingWork } from './waiting.ts';

/** All descriptions of one person on this device: the composition root makes one after sign-in. */
export interface Descriptions {
  /** Opens a description, once for all who ask in this tab; the last `release` closes it. */
  open(ticketId: string): SharedSession;
  /**
   * Puts the first words into the description of a ticket that was made on this device a moment ago, and resolves
   * once they are kept here; the server gets them after the ticket. Never for a ticket that others may know:
   * two people's first words would both stay (D6).
   */
  seedDescription(ticketId: string, content: FirstContent): Promise<void>;
  /** Sending in the background, and what waits for it: words and images. */
  readonly sync: Omit<DescriptionSync, 'waiting'> & { readonly waiting: Observable<readonly WaitingWork[]> };
  readonly images: Images;
  /**
   * Deletes this device's copy of a description with what was not sent. What the server has comes back when the
   * ticket is opened again; a ticket that was never sent leaves nothing behind.
   */
  forget(ticketId: string): Promise<void>;
  /** At sign-out: stops sending and closes what is open. What was not sent stays on this device. */
  close(): Promise<void>;
}

export interface DescriptionsDeps {
  readonly userId: string;
  /** `wss://host/collab`. */
  readonly collabUrl: string;
  /** Whether other tabs of this browser reach a document directly; not so for devices that live in one tab together. */
  readonly sharesWithTabs: boolean;
  readonly connectivity: Connectivity;
  readonly uploads: TicketUploads;
  readonly rows: DescriptionRows;
  readonly record: UnsavedRecord;
  readonly tabs: Tabs;
  readonly imageStore: ImageStore;
  readonly newId: () => string;
  readonly now: () => number;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly warn: (message: string, cause: unknown) => void;
}

export function createDescriptions(deps: DescriptionsDeps): Descriptions {
  const sessionDeps = {
    ...deps,
    tab: deps.tabs.id,
    sendWhole: createSendWhole(deps.fetch),
    loadSchema: async () => (await import('../../shared/description/schema.ts')).documentSchema,
    openDocument: (ticketId: string) => openDocument(ticketId, deps),
  };
  const sessions = shareSessions({
    openNew: (ticketId) => {
      const session = openSession(ticketId, sessionDeps);
      let onItsWay = true;
      // Who is cut off while writing must learn at once what waits: before signing out, say.
      session.saveState.subscribe(() => {
        if (isOnItsWay(session.saveState.get()) === onItsWay) return;
        onItsWay = !onItsWay;
        sync.recount();
      });
      return session;
    },
    onClosed: (session) => {
      if (session.saveState.get().kind !== 'saved') sync.wake();
    },
  });
  const sync = createDescriptionSync({
    ...deps,
    open: sessions.open,
    saveStateOf: (ticketId) => sessions.peek(ticketId)?.saveState.get(),
  });
  const images = createImages({ ...deps, store: deps.imageStore, send: createSendImage(deps.fetch) });
  const startAll = () => {
    sync.start();
    images.start();
  };
  const stopAll = () => {
    sync.stop();
    images.stop();
  };
  return {
    open: sessions.open,
    sync: { ...sync, start: startAll, stop: stopAll, waiting: joinWaiting(sync.waiting, images.waiting) },
    images,
    async seedDescription(ticketId, content) {
      const { session, release } = sessions.open(ticketId);
      try {
        const { firstUpdate } = await import('./first-content.ts');
        await when(session.loaded, Boolean, AbortSignal.timeout(SEED_PATIENCE_MS));
        Y.applyUpdate(session.doc, firstUpdate(content), WRITTEN_HERE);
        await session.flush();
      } finally {
        release();
      }
    },
    async forget(ticketId) {
      const entries = await deps.record.entries();
      const own = entries.filter((entry) => entry.ticketId === ticketId);
      await Promise.all(own.map(({ tab }) => deps.record.clear(ticketId, tab)));
      await images.forget(ticketId);
      await clearDocument(documentName(deps.userId, ticketId));
      sync.wake();
    },
    async close() {
      stopAll();
      await sessions.close();
    },
  };
}

/** Storage that is slow to open must not keep a person from making a ticket. */
const SEED_PATIENCE_MS = 10_000;
