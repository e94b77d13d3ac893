import type { Descriptions } from '../description/descriptions.ts';
import type { ConnectivityStore } from '../local-db/connectivity.ts';
import { forgetData } from '../local-db/data-marker.ts';
import type { LocalData } from '../local-db/local-data.ts';
import { createLab, type Lab } from './lab.ts';
import { type OpenDevice, openDevice } from './open-device.ts';
import { type SessionStore, signedInAs, type User } from './session.ts';
import { eraseDescriptions } from './session-descriptions.ts';

/** The local data of the person who uses this browser. */
export type SessionData =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly userId: string }
  | {
      readonly kind: 'open';
      readonly userId: string;
      readonly data: LocalData;
      readonly descriptions: Descriptions;
      readonly lab: Lab;
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
      const { data, descriptions, lab } = opened;
      become({ kind: 'open', userId: user.id, data, descriptions, lab });
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
      const { data, descriptions, lab } = opened;
      await lab.erase();
      await descriptions.close();
      await eraseDescriptions(data.userId);
      opened.unwritten.clear();
      await data.db.disconnectAndClear();
      forgetData(deps.storage, data.userId);
    },
  };
}

interface Opened extends OpenDevice {
  readonly lab: Lab;
}

async function open(deps: SessionDataDeps, user: User): Promise<Opened> {
  const signedIn = signedInAs(deps.session, user.id);
  const shared = { ...deps, userId: user.id, signedIn, onSignedOut: deps.session.expired };
  const device = await openDevice({ ...shared, owner: user.id, sharesWithTabs: true });
  const lab = createLab(shared);
  const close = async () => {
    await lab.close();
    await device.close();
  };
  return { ...device, lab, close };
}

function userOf(session: SessionStore): User | undefined {
  const state = session.current();
  return 'user' in state ? state.user : undefined;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
