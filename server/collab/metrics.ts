import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What operators see of the description service at `/metrics`. */
export type CollabMetrics = ReturnType<typeof createCollabMetrics>;

const SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5];

export function createCollabMetrics(registry: Registry) {
  const registers = [registry];
  return {
    rooms: new Gauge({ name: 'rejoin_collab_rooms', help: 'Descriptions that are open.', registers }),
    sockets: new Gauge({ name: 'rejoin_collab_sockets', help: 'Sockets that are open.', registers }),
    updates: new Counter({ name: 'rejoin_collab_updates_total', help: 'Updates stored.', registers }),
    bytes: new Counter({
      name: 'rejoin_collab_update_bytes_total',
      help: 'Bytes of updates stored.',
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'rejoin_collab_commit_seconds',
      help: 'How long one group commit took.',
      buckets: SECONDS,
      registers,
    }),
    acknowledgeSeconds: new Histogram({
      name: 'rejoin_collab_acknowledge_seconds',
      help: 'From receiving the oldest update of a commit to acknowledging it.',
      buckets: SECONDS,
      registers,
    }),
    commitFailures: new Counter({
      name: 'rejoin_collab_commit_failures_total',
      help: 'Group commits that Postgres did not take.',
      registers,
    }),
    compactions: new Counter({
      name: 'rejoin_collab_compactions_total',
      help: 'Logs folded into snapshots.',
      registers,
    }),
    quarantined: new Counter({
      name: 'rejoin_collab_quarantined_updates_total',
      help: 'Stored updates that would not apply and were left out of the snapshot.',
      registers,
    }),
    refusals: new Counter({
      name: 'rejoin_collab_refusals_total',
      help: 'What was refused, and why.',
      labelNames: ['reason'] as const,
      registers,
    }),
  };
}
