import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Compactor } from './compactor.ts';
import type { BoundConfig, SyncConfig } from './config.ts';
import { createHub, type Hub } from './hub.ts';
import { formatLsn } from './lsn.ts';
import type { SyncMetrics } from './metrics.ts';
import { openReplicationStream, type ReplicationStream } from './replication-stream.ts';
import { createReplicator, type ReplicatorDeps, SchemaChanged } from './replicator.ts';
import type { ServingHolder } from './serving.ts';
import { readSnapshot } from './snapshot.ts';
import type { Source } from './source.ts';
import { type SourceTable, shapeOf } from './source-table.ts';
import type { Storage } from './storage.ts';
import type { StorageWriter, StoredState } from './storage-writer.ts';

/** One run of replication: from taking the writer's lock to the failure that ends it. */
export interface ReplicationDeps {
  sourceUrl: string;
  source: Source;
  storage: Storage;
  config: SyncConfig;
  serving: ServingHolder;
  compactor: Compactor;
  metrics: SyncMetrics;
  log: Logger;
  slot: string;
  publication: string;
  now: () => number;
  breathe: () => Promise<void>;
  /** A name that no earlier life of any storage has had. */
  newPrefix: () => string;
  /** Ends the run. */
  stopping: AbortSignal;
  onReady: () => void;
}

/** Another engine writes to this storage; this one can only wait. */
export class StandBy extends Error {
  constructor() {
    super('Another process runs the sync engine on this storage.');
    this.name = 'StandBy';
  }
}

/** The source is not set up for replication, and waiting will not help. */
export class SourceUnfit extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SourceUnfit';
  }
}

/** Never resolves; throws when the connection is lost, the tables change, or {@link ReplicationDeps.stopping} fires. */
export async function replicate(deps: ReplicationDeps): Promise<never> {
  await deps.compactor.pause();
  const writer = await deps.storage.openWriter();
  if (!writer) {
    // What this process holds in memory is no longer kept up.
    deps.serving.end();
    throw new StandBy();
  }
  let stream: ReplicationStream | null = null;
  const close = () => stream?.close();
  try {
    stream = await openReplicationStream(deps.sourceUrl);
    writer.onError(close);
    deps.stopping.addEventListener('abort', close);
    return await run(deps, writer, stream);
  } catch (error) {
    if (error instanceof SchemaChanged) await writer.invalidate();
    throw error;
  } finally {
    deps.stopping.removeEventListener('abort', close);
    close();
    writer.close();
  }
}

async function run(deps: ReplicationDeps, writer: StorageWriter, stream: ReplicationStream): Promise<never> {
  const began = deps.now();
  const tables = await usedTables(deps);
  const context = { writer, stream, tables };
  const fingerprint = fingerprintOf(deps.config, await stream.systemId(), tables);
  const plan = await planStart(deps, await writer.state(), fingerprint);
  if (plan.kind === 'rebuild')
    deps.log.info({ reason: plan.reason }, 'sync: taking a snapshot of the source');
  const life = plan.kind === 'resume' ? await resume(deps, plan.state) : await rebuild(deps, context, plan);
  stream.start(deps.slot, life.hub.lsn, deps.publication);
  deps.log.info(
    { at: formatLsn(life.hub.lsn), lastOp: String(life.hub.lastOp), ms: deps.now() - began },
    plan.kind === 'resume' ? 'sync: resumed' : 'sync: snapshot done',
  );
  deps.compactor.resume();
  deps.onReady();
  return createReplicator(replicatorDeps(deps, context, life)).follow(stream);
}

interface Context {
  writer: StorageWriter;
  stream: ReplicationStream;
  tables: SourceTable[];
}

interface Life {
  hub: Hub;
  config: BoundConfig;
}

type StartPlan =
  | { kind: 'resume'; state: StoredState }
  | { kind: 'rebuild'; reason: string; fingerprint: string; lastOp: bigint };

/** Whether the stored operations and the slot still fit together and fit the source. */
async function planStart(
  deps: Pick<ReplicationDeps, 'source' | 'slot'>,
  state: StoredState | null,
  fingerprint: string,
): Promise<StartPlan> {
  const rebuild = (reason: string): StartPlan => ({
    kind: 'rebuild',
    reason,
    fingerprint,
    lastOp: state?.lastOp ?? 0n,
  });
  if (!state) return rebuild('the storage is empty');
  if (!state.ready) return rebuild('the last snapshot was not finished, or the tables have changed');
  if (state.fingerprint !== fingerprint)
    return rebuild('the sync config or the published tables have changed');
  const slot = await deps.source.slot(deps.slot);
  if (!slot) return rebuild('the replication slot is missing');
  if (slot.lost) return rebuild('the replication slot has lost changes');
  if (slot.confirmed > state.lsn) return rebuild('the storage is older than the replication slot');
  if (state.lsn > (await deps.source.end())) return rebuild('the source is older than the storage');
  return { kind: 'resume', state };
}

/** Streams that are open go on: it is the same life of the storage, loaded anew since the last commit may have been lost on the way. */
async function resume(deps: ReplicationDeps, state: StoredState): Promise<Life> {
  const { serving, storage } = deps;
  const current = serving.current();
  const life =
    current?.prefix === state.prefix
      ? current
      : { hub: createHub(), config: deps.config.hydrate(state.prefix) };
  life.hub.load({ ...(await storage.load()), lsn: state.lsn, lastOp: state.lastOp });
  if (life !== current) serving.begin({ ...life, prefix: state.prefix, readOps: storage.readOps });
  return life;
}

/** Empties the storage and fills it from a snapshot of the source. Nothing is served before it is whole. */
async function rebuild(
  deps: ReplicationDeps,
  context: Context,
  plan: Extract<StartPlan, { kind: 'rebuild' }>,
): Promise<Life> {
  const { source, storage, serving } = deps;
  const { writer, stream, tables } = context;
  // Streams of the old life would read a storage that is being emptied.
  serving.end();
  await source.dropSlot(deps.slot);
  const { snapshot, lsn } = await stream.createSlot(deps.slot);
  const prefix = deps.newPrefix();
  await writer.reset({ fingerprint: plan.fingerprint, prefix, lsn, lastOp: plan.lastOp });
  const life = { hub: createHub(), config: deps.config.hydrate(prefix) };
  life.hub.load({ ...(await storage.load()), lsn, lastOp: plan.lastOp });
  const replicator = createReplicator(replicatorDeps(deps, context, life));
  await replicator.snapshot(readSnapshot({ url: deps.sourceUrl, snapshot, tables }));
  await writer.markReady();
  deps.metrics.snapshots.inc();
  serving.begin({ ...life, prefix, readOps: storage.readOps });
  return life;
}

function replicatorDeps(deps: ReplicationDeps, { writer, tables }: Context, life: Life): ReplicatorDeps {
  const { metrics } = deps;
  return {
    ...life,
    writer,
    tables,
    usesTable: deps.config.usesTable,
    breathe: deps.breathe,
    now: deps.now,
    onCommit({ ops }) {
      metrics.storageCommits.inc();
      metrics.opsReplicated.inc(ops);
    },
  };
}

/** The published tables that the config reads, all fit for replication. */
async function usedTables({ source, publication, config }: ReplicationDeps): Promise<SourceTable[]> {
  const published = await source.tables(publication);
  if (published.length === 0) {
    throw new SourceUnfit(
      `The source database has no publication named ${publication} with tables in it. Run the migrations first.`,
    );
  }
  const used = published.filter(({ schema, name }) => config.usesTable(schema, name));
  const unfit = used.filter((table) => !table.fullIdentity).map(({ schema, name }) => `${schema}.${name}`);
  if (unfit.length > 0) {
    throw new SourceUnfit(
      `These published tables need ALTER TABLE … REPLICA IDENTITY FULL before they can be synced: ${unfit.join(', ')}.`,
    );
  }
  return used;
}

/** What the stored operations were made from. Another cluster, config or shape of a table means other operations. */
function fingerprintOf(config: SyncConfig, systemId: string, tables: SourceTable[]): string {
  const parts = [config.hash, systemId, ...tables.map(shapeOf)];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
