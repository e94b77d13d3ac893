import { Counter, Gauge, type Registry } from 'prom-client';

/** What the engine tells about itself at `/metrics`. */
export interface SyncMetrics {
  streamsOpen: Gauge;
  streamsTotal: Counter;
  opsReplicated: Counter;
  storageCommits: Counter;
  bytesSent: Counter;
  snapshots: Counter;
  replicationFailures: Counter;
  opsCompacted: Counter;
}

/** `lagBytes` is asked when the metrics are read: how much of the source's log is not replicated yet. */
export function createSyncMetrics(registry: Registry, lagBytes: () => Promise<number>): SyncMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  new Gauge({
    name: 'rejoin_sync_replication_lag_bytes',
    help: 'Bytes of the source database log that are not replicated yet',
    registers,
    async collect() {
      this.set(await lagBytes());
    },
  });
  return {
    streamsOpen: new Gauge({
      name: 'rejoin_sync_streams_open',
      help: 'Sync streams that are open now',
      registers,
    }),
    streamsTotal: counter('rejoin_sync_streams_total', 'Sync streams opened since the start'),
    opsReplicated: counter('rejoin_sync_ops_replicated_total', 'Bucket operations written to storage'),
    storageCommits: counter('rejoin_sync_storage_commits_total', 'Commits of bucket operations to storage'),
    bytesSent: counter('rejoin_sync_bytes_sent_total', 'Bytes of sync streams before compression'),
    snapshots: counter('rejoin_sync_snapshots_total', 'Snapshots taken of the source database'),
    replicationFailures: counter(
      'rejoin_sync_replication_failures_total',
      'Times replication failed and was tried again',
    ),
    opsCompacted: counter(
      'rejoin_sync_ops_compacted_total',
      'Operations that compaction took out of histories',
    ),
  };
}
