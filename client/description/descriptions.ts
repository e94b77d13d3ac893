import type { JSONContent } from '@tiptap/core';
import * as Y from 'yjs';
import { markdownToDocument } from '../../shared/description/markdown.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { documentToUpdate } from '../../shared/description/yjs.ts';
import { createDescriptionSync, type DescriptionSync } from './background-sync.ts';
import type { Connectivity, DescriptionRows, TicketUploads } from './connectivity.ts';
import { openDocument } from './document.ts';
import { when } from './observable.ts';
import { openSession, WRITTEN_HERE } from './session.ts';
import { type SharedSession, shareSessions } from './shared-sessions.ts';
import type { Tabs } from './tabs.ts';
import type { UnsavedRecord } from './unsaved-record.ts';

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
  readonly sync: DescriptionSync;
  /** At sign-out: stops sending and closes what is open. What was not sent stays on this device. */
  close(): Promise<void>;
}

/** What a person wrote while making the ticket. Text is taken as it stands, a paragraph per line. */
export type FirstContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'markdown'; readonly markdown: string };

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
  readonly warn: (message: string, cause: unknown) => void;
}

export function createDescriptions(deps: DescriptionsDeps): Descriptions {
  const sessionDeps = {
    ...deps,
    tab: deps.tabs.id,
    schema: documentSchema,
    openDocument: (ticketId: string) => openDocument(ticketId, deps),
  };
  const sessions = shareSessions({
    openNew: (ticketId) => openSession(ticketId, sessionDeps),
    onClosed: (session) => {
      if (session.saveState.get().kind !== 'saved') sync.wake();
    },
  });
  const sync = createDescriptionSync({
    ...deps,
    open: sessions.open,
    saveStateOf: (ticketId) => sessions.peek(ticketId)?.saveState.get(),
  });
  return {
    open: sessions.open,
    sync,
    async seedDescription(ticketId, content) {
      const { session, release } = sessions.open(ticketId);
      try {
        await when(session.loaded, Boolean, AbortSignal.timeout(SEED_PATIENCE_MS));
        Y.applyUpdate(session.doc, documentToUpdate(firstDocument(content)), WRITTEN_HERE);
        await session.flush();
      } finally {
        release();
      }
    },
    async close() {
      sync.stop();
      await sessions.close();
    },
  };
}

/** Storage that is slow to open must not keep a person from making a ticket. */
const SEED_PATIENCE_MS = 10_000;

function firstDocument(content: FirstContent): JSONContent {
  if (content.kind === 'markdown') return markdownToDocument(content.markdown);
  const paragraphs = content.text.split(/\r?\n/).map((line) => ({
    type: 'paragraph',
    content: line === '' ? [] : [{ type: 'text', text: line }],
  }));
  return { type: 'doc', content: paragraphs };
}
