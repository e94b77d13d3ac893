import type { CommonPowerSyncDatabase } from '@powersync/common';
import { type Row, type TableDefinition, type Window, windowKey } from './window.ts';
import { createWindowCollection, type LiveWindow, type WindowCollection } from './window-collection.ts';

/** The windows over one table: components that ask for the same window share it. */
export interface TableWindows<T extends Row> {
  open(window: Window<T>): WindowCollection<T>;
}

/** All windows over one database, and which of them follow it now. */
export interface OpenWindows {
  live(): readonly LiveWindow[];
  over<T extends Row>(table: TableDefinition<T>): TableWindows<T>;
}

export function createOpenWindows(db: CommonPowerSyncDatabase): OpenWindows {
  const live = new Set<LiveWindow>();
  const onStart = (window: LiveWindow) => live.add(window);

  function over<T extends Row>(table: TableDefinition<T>): TableWindows<T> {
    const opened = new Map<string, WindowCollection<T>>();
    const open = (window: Window<T>): WindowCollection<T> => {
      const key = windowKey(window);
      const existing = opened.get(key);
      if (existing) return existing;
      const onStop = (stopped: LiveWindow) => {
        live.delete(stopped);
        opened.delete(key);
      };
      const created = createWindowCollection({ db, onStart, onStop }, table, window);
      opened.set(key, created);
      return created;
    };
    return { open };
  }

  return { live: () => [...live], over };
}
