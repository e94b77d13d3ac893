import type { BatchSummary } from './batch.ts';
import { parameterKey } from './changes.ts';
import { createOpCache } from './op-cache.ts';
import { addChecksums, type Bucket, type Op, type ParameterChange } from './operations.ts';

/** What {@link Hub.load} starts from: storage as of its last commit. */
export interface HubState {
  buckets: Bucket[];
  parameters: (ParameterChange & { rows: string })[];
  writes: (WriteCheckpoint & { client: string })[];
  lsn: bigint;
  lastOp: bigint;
}

export interface WriteCheckpoint {
  id: bigint;
  /** The checkpoint is reached when replication has passed this. */
  lsn: bigint;
}

/** The engine's state as of the last storage commit, in memory: what connected streams read without touching storage. */
export interface Hub {
  /** Grows with everything a stream may want to know. */
  readonly version: number;
  readonly lastOp: bigint;
  readonly lsn: bigint;
  readonly nextBucketId: number;
  bucket(name: string): Readonly<Bucket> | undefined;
  load(state: HubState): void;
  /** One storage commit becomes visible, all at once. */
  apply(commit: BatchSummary): void;
  /** Replication has passed `lsn` without anything for us. */
  advance(lsn: bigint): void;

  /** The parameter index's entries of one key, as JSON. */
  lookup(key: string): string[];
  /** When the entries of a key last changed; compare with {@link version}. */
  lookupVersion(key: string): number;
  /** The entries that come from one source table. */
  parametersOf(tableId: number): { lookup: string; source: string }[];

  /** A bucket's ops after `after`, up to `upTo`; null when they must be read from storage. */
  recent(bucket: number, after: bigint, upTo: bigint, limit: number): Op[] | null;

  /** Compaction is about to rewrite a bucket's history: data read for an older checkpoint is no longer complete. */
  beginCompaction(bucketId: number): void;
  /** Compaction has folded `removed` ops into others. */
  endCompaction(bucketId: number, removed: number): void;
  /** The op up to which a bucket's history may have been rewritten. */
  compactedTo(bucketId: number): bigint;

  setWriteCheckpoint(client: string, checkpoint: WriteCheckpoint): void;
  /** The client's last write checkpoint that replication has passed, else `previous`. */
  reachedWriteCheckpoint(client: string, previous: bigint | null): bigint | null;

  /** Resolves when {@link version} is no longer `since`, or on abort. */
  changed(since: number, signal: AbortSignal): Promise<void>;
}

const CACHE_BYTES = 32 << 20;

export function createHub(): Hub {
  let version = 0;
  let lastOp = 0n;
  let lsn = 0n;
  let nextBucketId = 1;
  const byName = new Map<string, Bucket>();
  const byId = new Map<number, Bucket>();
  const compacted = new Map<number, bigint>();
  const writes = new Map<string, WriteCheckpoint>();
  const parameters = createParameterIndex();
  const cache = createOpCache(CACHE_BYTES);
  const waiting = new Set<() => void>();

  const setBucket = (bucket: Bucket) => {
    byName.set(bucket.name, bucket);
    byId.set(bucket.id, bucket);
    nextBucketId = Math.max(nextBucketId, bucket.id + 1);
  };
  const publish = () => {
    version++;
    for (const wake of [...waiting]) wake();
  };
  const hub: Hub = {
    get version() {
      return version;
    },
    get lastOp() {
      return lastOp;
    },
    get lsn() {
      return lsn;
    },
    get nextBucketId() {
      return nextBucketId;
    },
    bucket: (name) => byName.get(name),
    load(state) {
      byName.clear();
      byId.clear();
      writes.clear();
      parameters.clear(version + 1);
      for (const bucket of state.buckets) setBucket(bucket);
      for (const entry of state.parameters) parameters.set(entry, version + 1);
      for (const write of state.writes) writes.set(write.client, write);
      cache.clear(state.lastOp);
      lastOp = state.lastOp;
      lsn = state.lsn;
      publish();
    },
    apply(commit) {
      for (const added of commit.buckets) setBucket(addTo(byId.get(added.id), added));
      for (const change of commit.parameters) parameters.set(change, version + 1);
      if (commit.ops) cache.add(commit.ops);
      else cache.clear(commit.lastOp);
      lastOp = commit.lastOp;
      hub.advance(commit.lsn);
    },
    advance(to) {
      if (to > lsn) lsn = to;
      publish();
    },
    lookup: parameters.get,
    lookupVersion: parameters.versionOf,
    parametersOf: parameters.ofTable,
    recent: cache.read,
    beginCompaction(bucketId) {
      compacted.set(bucketId, byId.get(bucketId)?.last ?? 0n);
    },
    endCompaction(bucketId, removed) {
      const bucket = byId.get(bucketId);
      if (!bucket || removed === 0) return;
      setBucket({ ...bucket, count: bucket.count - removed });
      publish();
    },
    compactedTo: (bucketId) => compacted.get(bucketId) ?? 0n,
    setWriteCheckpoint(client, checkpoint) {
      // Two requests of one client may be answered out of order.
      if ((writes.get(client)?.id ?? -1n) > checkpoint.id) return;
      writes.set(client, checkpoint);
      if (checkpoint.lsn <= lsn) publish();
    },
    reachedWriteCheckpoint(client, previous) {
      const write = writes.get(client);
      return write && write.lsn <= lsn ? write.id : previous;
    },
    changed(since, signal) {
      if (version !== since || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake);
      });
    },
  };
  return hub;
}

const addTo = (bucket: Bucket | undefined, added: Bucket): Bucket =>
  bucket
    ? {
        ...bucket,
        count: bucket.count + added.count,
        checksum: addChecksums(bucket.checksum, added.checksum),
        last: added.last,
      }
    : added;

interface ParameterIndex {
  set(change: ParameterChange, version: number): void;
  get(lookup: string): string[];
  versionOf(lookup: string): number;
  ofTable(tableId: number): { lookup: string; source: string }[];
  clear(version: number): void;
}

function createParameterIndex(): ParameterIndex {
  const byLookup = new Map<string, Map<string, string>>();
  const versions = new Map<string, number>();
  let cleared = 0;
  return {
    set({ lookup, source, rows }, version) {
      versions.set(lookup, version);
      const entries = byLookup.get(lookup) ?? new Map<string, string>();
      if (rows === null) entries.delete(source);
      else entries.set(source, rows);
      if (entries.size > 0) byLookup.set(lookup, entries);
      else byLookup.delete(lookup);
    },
    get: (lookup) => [...(byLookup.get(lookup)?.values() ?? [])],
    versionOf: (lookup) => versions.get(lookup) ?? cleared,
    ofTable(tableId) {
      const found = new Map<string, { lookup: string; source: string }>();
      for (const [lookup, entries] of byLookup) {
        for (const source of entries.keys()) {
          if (source.startsWith(`${tableId}/`))
            found.set(parameterKey({ lookup, source }), { lookup, source });
        }
      }
      return [...found.values()];
    },
    clear(version) {
      byLookup.clear();
      versions.clear();
      cleared = version;
    },
  };
}
