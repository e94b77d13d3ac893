import { useLiveQuery } from '@tanstack/react-db';
import { useEffect, useMemo, useState } from 'react';
import type { TableWindows } from './windows/open-windows.ts';
import type { Row, Window } from './windows/window.ts';

export interface WindowRows<T extends Row> {
  readonly rows: readonly T[];
  /** False only before the first rows of the first window are read; an empty list is known to be empty. */
  readonly ready: boolean;
  /** Reading the local database failed; the log has the details. */
  readonly failed: boolean;
}

/**
 * The rows of one window, live. When the window changes, the old rows stay until the new ones are read, so that no
 * empty list is painted in between.
 */
export function useWindowRows<T extends Row>(windows: TableWindows<T>, window: Window<T>): WindowRows<T> {
  const asked = windows.open(window); // the same for the same window
  const [loaded, setLoaded] = useState(asked);

  useEffect(() => {
    let current = true;
    const swap = () => {
      if (current) setLoaded(asked);
    };
    asked.collection.preload().then(swap, swap); // a failure shows as `failed`
    return () => {
      current = false;
    };
  }, [asked]);

  useEffect(() => {
    asked.setLimit(window.limit).catch(() => {}); // the follower logged it
  }, [asked, window.limit]);

  const shown = asked.collection.status === 'ready' ? asked : loaded;
  const { data, isReady, isError } = useLiveQuery(shown.collection);
  const rows = useMemo(() => [...data].sort(shown.compare), [data, shown]);
  return { rows, ready: isReady, failed: isError };
}
