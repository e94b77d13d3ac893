import { type CommonPowerSyncDatabase, LogLevels } from '@powersync/common';
import { type Collection, createCollection, type NonSingleResult } from '@tanstack/db';
import type { RowWrite } from './row-write.ts';
import { comparator, type Row, type TableDefinition, type Window, windowSql } from './window.ts';

/** Unmounted windows go on re-reading until they are collected; long enough for a step back and forth. */
const COLLECT_AFTER_MS = 5_000;
/** Changes by others reach the screen with the next frame. */
const FRAME_MS = 16;

/** What the committer needs of a window, whatever rows it holds. */
export interface LiveWindow {
  readonly table: string;
  /** Shows a write at once, within TanStack DB's current transaction. */
  show(write: RowWrite): void;
  /** Resolves after a query that STARTED after this call has been handed to the collection. */
  refresh(): Promise<void>;
}

export interface WindowCollection<T extends Row> {
  readonly collection: Collection<T, string> & NonSingleResult;
  readonly compare: (a: T, b: T) => number;
  /** Grows or shrinks the window; its rows are swapped in one commit, the old ones stay until then. */
  setLimit(limit: number | undefined): Promise<void>;
}

interface WindowDeps {
  readonly db: CommonPowerSyncDatabase;
  /** Called when the window starts to follow the database, and when it stops. */
  readonly onStart: (window: LiveWindow) => void;
  readonly onStop: (window: LiveWindow) => void;
}

/** A TanStack DB collection whose content is one SQL window, re-read when its tables change. */
export function createWindowCollection<T extends Row>(
  deps: WindowDeps,
  table: TableDefinition<T>,
  window: Window<T>,
): WindowCollection<T> {
  let limit = window.limit;
  let load: (() => Promise<void>) | undefined; // set while the collection syncs
  const refresh = coalesced(() => load?.() ?? Promise.resolve());

  const collection: Collection<T, string> & NonSingleResult = createCollection<T, string>({
    getKey: (row) => row.id,
    gcTime: COLLECT_AFTER_MS,
    sync: {
      rowUpdateMode: 'full',
      sync: (sync) => {
        const abort = new AbortController();
        const follower = createFollower(deps.db, table, sync, abort.signal, async () => {
          for (;;) {
            const asked = limit;
            const rows = await readWindow(deps.db, table, window, asked);
            if (asked === limit) return rows; // else the window grew while we were reading
          }
        });
        load = follower;
        deps.onStart(live);
        const changedElsewhere = () => refresh().catch(() => {}); // the follower reported it
        // Subscribe first, then read: a change between the two is seen by one of them.
        deps.db.onChangeWithCallback(
          { onChange: changedElsewhere },
          {
            tables: [table.name, ...(window.alsoWatch ?? [])],
            throttleMs: window.throttleMs ?? FRAME_MS,
            signal: abort.signal,
          },
        );
        void changedElsewhere();
        return () => {
          abort.abort();
          deps.onStop(live);
          if (load === follower) load = undefined;
        };
      },
    },
  });

  const live: LiveWindow = {
    table: table.name,
    show: (write) => show(collection, table, window, write),
    refresh,
  };
  return {
    collection,
    compare: comparator(window.orderBy),
    setLimit: (next) => {
      if (next === limit) return Promise.resolve();
      limit = next;
      return refresh();
    },
  };
}

interface SyncHandle<T extends Row> {
  readonly collection: { readonly status: string };
  begin(): void;
  write(change: { type: 'insert' | 'update'; value: T } | { type: 'delete'; key: string }): void;
  commit(): true | Promise<void>;
  markReady(): void;
  markError(error?: unknown): void;
}

/** Reads the window and hands what differs from last time to the collection, in one commit. */
function createFollower<T extends Row>(
  db: CommonPowerSyncDatabase,
  table: TableDefinition<T>,
  sync: SyncHandle<T>,
  signal: AbortSignal,
  read: () => Promise<RawRow[]>,
): () => Promise<void> {
  let known = new Map<string, RawRow>();
  return async () => {
    try {
      const rows = await read();
      if (signal.aborted) return;
      const next = new Map(rows.map((row) => [row.id, row]));
      const gone = [...known.keys()].filter((id) => !next.has(id));
      const changed = rows.filter((row) => differs(table, known.get(row.id), row));
      if (gone.length > 0 || changed.length > 0) {
        sync.begin();
        for (const key of gone) sync.write({ type: 'delete', key });
        for (const row of changed) {
          sync.write({ type: known.has(row.id) ? 'update' : 'insert', value: table.parse(row) });
        }
        const shown = sync.commit();
        if (shown !== true) shown.catch(() => {}); // rejects only when the collection is cleaned up meanwhile
      }
      known = next;
      if (sync.collection.status !== 'ready') sync.markReady();
    } catch (error) {
      if (signal.aborted || db.closed) return;
      if (sync.collection.status === 'loading') sync.markError(error);
      db.logger.log({ level: LogLevels.error, message: `Reading ${table.name} failed`, error });
      throw error;
    }
  };
}

type RawRow = Readonly<Record<string, unknown>> & Row;

function readWindow<T extends Row>(
  db: CommonPowerSyncDatabase,
  table: TableDefinition<T>,
  window: Window<T>,
  limit: number | undefined,
): Promise<RawRow[]> {
  return db.getAll<RawRow>(windowSql(table, window, limit), [...(window.params ?? [])]);
}

const differs = (table: { columns: readonly string[] }, old: RawRow | undefined, row: RawRow): boolean =>
  !old || table.columns.some((column) => old[column] !== row[column]);

function show<T extends Row>(
  collection: Collection<T, string>,
  table: TableDefinition<T>,
  window: Window<T>,
  write: RowWrite,
): void {
  const shown = collection.get(write.id);
  switch (write.kind) {
    case 'insert': {
      const row = table.parse({ id: write.id, ...write.values });
      if (!shown && window.accepts(row)) collection.insert(row);
      return;
    }
    case 'update': {
      if (!shown) return;
      const row = table.parse({ ...shown, ...write.values });
      collection.update(write.id, (draft) => {
        Object.assign(draft, pick(row, Object.keys(write.values)));
      });
      return;
    }
    case 'delete':
      if (shown) collection.delete(write.id);
  }
}

function pick(row: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(row).filter(([key]) => keys.includes(key)));
}

/** Runs `work` once at a time; calls during a run share one later run, which starts after all of them. */
function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  const run = (): Promise<void> => {
    if (!running) {
      running = work().finally(() => {
        running = undefined;
      });
      return running;
    }
    queued ??= running
      .catch(() => {})
      .then(() => {
        queued = undefined;
        return run();
      });
    return queued;
  };
  return run;
}
