import { useSyncExternalStore } from 'react';
import { useLocalData } from './context.ts';

/** Whether this device does not hold everything yet: what seems empty may only not have arrived. */
export function useFirstDownload(): boolean {
  const { db, sync } = useLocalData();
  return useSyncExternalStore(sync.subscribe, () => db.currentStatus.hasSynced !== true);
}
