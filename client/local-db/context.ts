import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Connectivity } from './connectivity.ts';
import type { LocalData } from './local-data.ts';
import type { SyncState } from './sync-state.ts';

export const LocalDataContext = createContext<LocalData | null>(null);

/** The signed-in person's local data. Only below the app's providers, which open it first. */
export function useLocalData(): LocalData {
  const data = useContext(LocalDataContext);
  if (!data) throw new Error('useLocalData needs a LocalDataContext above it: render below <Providers>.');
  return data;
}

export const useEdits = () => useLocalData().edits;

export function useSyncState(): SyncState {
  const { sync } = useLocalData();
  return useSyncExternalStore(sync.subscribe, sync.current);
}

/** For controls that need the server, such as deleting a ticket: disabled unless this is `online`. */
export function useConnectivity(): Connectivity {
  const { connectivity } = useLocalData();
  return useSyncExternalStore(connectivity.subscribe, connectivity.current);
}
