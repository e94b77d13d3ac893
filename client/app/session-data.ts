import { createConsoleLogger, LogLevels } from '@powersync/common';
import type { Descriptions } from '../description/descriptions.ts';
import type { ConnectivityStore } from '../local-db/connectivity.ts';
import { createConnector } from '../local-db/connector.ts';
import { createLocalData, type LocalData } from '../local-db/local-data.ts';
import { openLocalDb } from '../local-db/open.ts';
import { followConnection } from '../local-db/sync-connection.ts';
import { createUnwritten, type Unwritten } from '../local-db/windows/unwritten.ts';
import { type SessionStore, signedInAs, type User } from './session.ts';
import { eraseDescriptions, openDescriptions } from './session-descriptions.ts';

/** The local data of the person who uses this browser. */
export type SessionData =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly userId: string }
  | {
      readonly kind: 'open';
      readonly userId: string;
      readonly data: LocalData;
      readonly descriptions: Descriptions;
    }
  | { readonly kind: 'failed'; readonly userId: string; readonly reason: string };

export interface SessionDataStore {
  current(): SessionData;
  subscribe(listener: () => void): () => void;
  /** Deletes this person's data from this device, with what was not sent. Ask first. */
  erase(): Promise<void>;
}

export interface SessionDataDeps {
  readonly session: SessionStore;
  readonly connectivity: ConnectivityStore;
  readonly storage: Storage;
  /** `wss://host/collab`. */
  readonly collabUrl: string;
  readonly locks: LockManager | undefined;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** Opens a person's database when they come and closes it when they go: one account never sees another's data. */
export function createSessionData(deps: SessionDataDeps): SessionDataStore {
  const listeners = new Set<() => void>();
  let state: SessionData = { kind: 'none' };
  let opened: Opened | undefined;
  let steps: Promise<void> = Promise.resolve();

  const become = (next: SessionData) => {
    state = next;
    for (const listener of [...listeners]) listener();
  };
  const closeOpened = async () => {
    const closing = opened;
    opened = undefined;
    await closing?.close();
  };
  const follow = async () => {
    const user = userOf(deps.session);
    if (user?.id === (state.kind === 'none' ? undefined : state.userId)) return;
    become(user ? { kind: 'opening', userId: user.id } : { kind: 'none' });
    try {
      await closeOpened();
      if (!user) return;
      opened = await open(deps, user);
      const { data, descriptions } = opened;
      become({ kind: 'open', userId: user.id, data, descriptions });
    } catch (error) {
      if (user) become({ kind: 'failed', userId: user.id, reason: wordsOf(error) });
    }
  };
  const soon = () => {
    steps = steps.then(follow);
  };

  deps.session.subscribe(soon);
  soon();
  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    erase: async () => {
      if (!opened) return;
      const { data, descriptions } = opened;
      await descriptions.close();
      await eraseDescriptions(data.userId);
      opened.unwritten.clear();
      await data.db.disconnectAndClear();
    },
  };
}

interface Opened {
  readonly data: LocalData;
  readonly descriptions: Descriptions;
  readonly unwritten: Unwritten;
  close(): Promise<void>;
}

async function open(deps: SessionDataDeps, user: User): Promise<Opened> {
  const { session, connectivity, storage, fetch, newId, now } = deps;
  const logger = createConsoleLogger({ prefix: 'Rejoin', minLevel: LogLevels.warn });
  const db = await openLocalDb({ userId: user.id, storage, logger });
  const signedIn = signedInAs(session, user.id);
  const connector = createConnector({
    fetch,
    now,
    isSignedIn: signedIn.current,
    onSignedOut: session.expired,
  });
  const descriptions = openDescriptions({ ...deps, db, userId: user.id, signedIn });
  const unsentDescriptions = {
    current: () => descriptions.sync.waiting.get().length,
    subscribe: descriptions.sync.waiting.subscribe,
  };
  const unwritten = createUnwritten({ storage, scope: user.id, newId, now });
  const data = createLocalData({
    db,
    userId: user.id,
    connectivity,
    signedIn,
    unsentDescriptions,
    unwritten,
    newId,
    now,
  });
  const stopFollowing = followConnection({ db, connector, connectivity, signedIn });
  const close = async () => {
    stopFollowing();
    data.sync.close();
    await descriptions.close();
    await db.close();
  };
  return { data, descriptions, unwritten, close };
}

function userOf(session: SessionStore): User | undefined {
  const state = session.current();
  return 'user' in state ? state.user : undefined;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
