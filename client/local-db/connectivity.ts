import { z } from 'zod';

/**
 * Whether this device may use the network: `work-offline` is the person's own switch, `no-network` the browser's
 * word. Says nothing of the server; for that see the sync state.
 */
export type Connectivity =
  | { readonly kind: 'online' }
  | { readonly kind: 'work-offline'; readonly since: string }
  | { readonly kind: 'no-network'; readonly since: string };

/** What sync and description sockets follow: they pause while it is `work-offline` and try again when it ends. */
export interface ConnectivityStore {
  current(): Connectivity;
  subscribe(listener: () => void): () => void;
  /** Survives a reload and holds for every tab of this browser profile. */
  setWorkOffline(on: boolean): void;
  close(): void;
}

interface ConnectivityDeps {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** `window`: its online, offline and storage events. */
  readonly events: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  readonly hasNetwork: () => boolean;
  readonly now: () => Date;
}

const WORK_OFFLINE_KEY = 'rejoin.work-offline-since';
const NO_NETWORK_KEY = 'rejoin.no-network-since';
const moment = z.iso.datetime();

export function createConnectivity(deps: ConnectivityDeps): ConnectivityStore {
  const listeners = new Set<() => void>();
  let state = read(deps);

  const update = () => {
    const next = read(deps);
    if (next.kind === state.kind) return;
    state = next;
    for (const listener of listeners) listener();
  };

  const watched = ['online', 'offline', 'storage'] as const;
  for (const name of watched) deps.events.addEventListener(name, update);
  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setWorkOffline: (on) => {
      if (on) deps.storage.setItem(WORK_OFFLINE_KEY, deps.now().toISOString());
      else deps.storage.removeItem(WORK_OFFLINE_KEY);
      update();
    },
    close: () => {
      for (const name of watched) deps.events.removeEventListener(name, update);
      listeners.clear();
    },
  };
}

/** When this device went offline outlives a reload: edits carry it as `offline_since`. */
function read({ storage, hasNetwork, now }: ConnectivityDeps): Connectivity {
  const chosen = moment.safeParse(storage.getItem(WORK_OFFLINE_KEY));
  if (chosen.success) return { kind: 'work-offline', since: chosen.data };
  if (hasNetwork()) {
    storage.removeItem(NO_NETWORK_KEY);
    return { kind: 'online' };
  }
  const noted = moment.safeParse(storage.getItem(NO_NETWORK_KEY));
  const since = noted.success ? noted.data : now().toISOString();
  storage.setItem(NO_NETWORK_KEY, since);
  return { kind: 'no-network', since };
}
