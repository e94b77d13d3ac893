import type { JWTPayload } from 'jose';
import type { BoundConfig, ClientBucket } from './config.ts';
import type { Hub } from './hub.ts';
import type { Op } from './operations.ts';
import type { BucketState, SyncLine, SyncRequest } from './wire.ts';

/** One client's stream: checkpoint, diffs, data by priority, completes. Yields protocol lines; knows nothing of HTTP. */
export interface SessionDeps {
  config: Pick<BoundConfig, 'plan'>;
  hub: Hub;
  readOps: ReadOps;
}

/** A bucket's stored ops after `after`, up to `upTo`, in order. */
export type ReadOps = (bucket: number, after: bigint, upTo: bigint, limit: number) => Promise<Op[]>;

/** The Service's limit: about a thousand ops a line. */
const LINE_OPS = 1000;
const LINE_BYTES = 1 << 20;
/** A checkpoint with more data than this gives way to a newer one, so that a slow client does not chase the past. */
const INTERRUPT_AFTER_OPS = 1000;

/** Write checkpoints belong to a person's device. */
export const clientKey = (token: JWTPayload, clientId: string | null | undefined): string =>
  `${token.sub ?? ''}/${clientId ?? ''}`;

export async function* session(
  deps: SessionDeps,
  token: JWTPayload,
  request: SyncRequest,
  signal: AbortSignal,
): AsyncGenerator<SyncLine> {
  const { hub } = deps;
  const plan = deps.config.plan(token, request);
  const client = clientKey(token, request.client_id);
  const membership = createMembership(hub, (lookup) => plan.resolve(lookup));
  const reader = createReader(deps, request);
  let sent: ReadonlyMap<string, BucketState> | null = null;
  let write: bigint | null = null;
  let complete = false;

  while (!signal.aborted) {
    const version = hub.version;
    const buckets = await membership.current();
    if (hub.version !== version) continue;
    // No await from here to the checkpoint line: it describes one moment.
    const upTo = hub.lastOp;
    const next = new Map(buckets.map((bucket) => [bucket.bucket, stateOf(hub, bucket)]));
    const changes = diff(sent, next);
    const reached = hub.reachedWriteCheckpoint(client, write);
    if (complete && changes.updated.length === 0 && changes.removed.length === 0 && reached === write) {
      await hub.changed(version, signal);
      continue;
    }
    const head = {
      last_op_id: String(upTo),
      ...(reached === null ? {} : { write_checkpoint: String(reached) }),
    };
    reader.begin(buckets, upTo);
    yield sent
      ? {
          checkpoint_diff: {
            ...head,
            removed_buckets: changes.removed,
            updated_buckets: changes.updated,
          },
        }
      : { checkpoint: { ...head, buckets: changes.updated, streams: plan.streams } };
    sent = next;
    write = reached;
    complete = yield* reader.data(signal, () => membership.stale());
    if (complete) yield { checkpoint_complete: { last_op_id: String(upTo) } };
  }
}

/** Which buckets the client has, kept up with the parameter index. */
function createMembership(hub: Hub, resolve: (lookup: (key: string) => string[]) => Promise<ClientBucket[]>) {
  let buckets: ClientBucket[] | null = null;
  let resolvedAt = -1;
  let keys = new Set<string>();
  const stale = () => [...keys].some((key) => hub.lookupVersion(key) > resolvedAt);
  return {
    stale,
    async current(): Promise<ClientBucket[]> {
      if (buckets && !stale()) return buckets;
      const used = new Set<string>();
      resolvedAt = hub.version;
      buckets = await resolve((key) => {
        used.add(key);
        return hub.lookup(key);
      });
      keys = used;
      return buckets;
    },
  };
}

function stateOf(hub: Hub, { bucket, priority, subscriptions }: ClientBucket): BucketState {
  const state = hub.bucket(bucket);
  return { bucket, checksum: (state?.checksum ?? 0) | 0, count: state?.count ?? 0, priority, subscriptions };
}

function diff(sent: ReadonlyMap<string, BucketState> | null, next: ReadonlyMap<string, BucketState>) {
  const updated = [...next.values()].filter((now) => {
    const before = sent?.get(now.bucket);
    return !before || before.count !== now.count || before.checksum !== now.checksum;
  });
  const removed = sent ? [...sent.keys()].filter((name) => !next.has(name)) : [];
  return { updated, removed };
}

interface Reader {
  /** A new checkpoint: these buckets, up to this op. */
  begin(buckets: ClientBucket[], upTo: bigint): void;
  /** The data the client lacks, most urgent first. Returns false when the checkpoint was superseded on the way. */
  data(signal: AbortSignal, membershipChanged: () => boolean): AsyncGenerator<SyncLine, boolean>;
}

/** Where one bucket stands with the client. */
interface Progress {
  name: string;
  id: number;
  priority: number;
  /** The bucket's last op under this checkpoint. */
  last: bigint;
}

function createReader({ hub, readOps }: SessionDeps, request: SyncRequest): Reader {
  const position = new Map((request.buckets ?? []).map(({ name, after }) => [name, BigInt(after)]));
  // Between a bucket's position and this there are no ops: the cache may be asked although it begins later.
  const covered = new Map<string, bigint>();
  let todo: Progress[] = [];
  let all: Progress[] = [];
  let upTo = 0n;

  const page = async (bucket: Progress): Promise<SyncLine | null> => {
    const after = position.get(bucket.name) ?? 0n;
    const from = max(after, covered.get(bucket.name) ?? 0n);
    const ops =
      hub.recent(bucket.id, from, upTo, LINE_OPS) ?? (await readOps(bucket.id, after, upTo, LINE_OPS));
    const data = ops.slice(0, withinLine(ops));
    const end = data.at(-1)?.op_id ?? upTo;
    position.set(bucket.name, end);
    if (data.length === 0) return null;
    return {
      data: { bucket: bucket.name, after, has_more: end < bucket.last, data, next_after: end },
    };
  };
  const lacks = (bucket: Progress) => (position.get(bucket.name) ?? 0n) < bucket.last;
  const newer = (membershipChanged: () => boolean) =>
    membershipChanged() || all.some((bucket) => (hub.bucket(bucket.name)?.last ?? 0n) > bucket.last);
  /** Ops superseded by later ones than this checkpoint knows are gone: only a later one can be completed. */
  const rewritten = () => todo.some((bucket) => hub.compactedTo(bucket.id) > upTo);

  return {
    begin(buckets, lastOp) {
      upTo = lastOp;
      all = buckets.map(({ bucket, priority }) => {
        const state = hub.bucket(bucket);
        return { name: bucket, priority, id: state?.id ?? 0, last: state?.last ?? 0n };
      });
      todo = all.filter(lacks);
      // A client forgets a bucket that leaves its checkpoint; resuming it from the old position would skip ops.
      const names = new Set(all.map(({ name }) => name));
      for (const name of position.keys()) if (!names.has(name)) position.delete(name);
      for (const name of covered.keys()) if (!names.has(name)) covered.delete(name);
    },
    async *data(signal, membershipChanged) {
      let ops = 0;
      const priorities = [...new Set(todo.map(({ priority }) => priority))].sort((a, b) => a - b);
      for (const priority of priorities) {
        for (const bucket of todo.filter((each) => each.priority === priority)) {
          while (lacks(bucket)) {
            const line = await page(bucket);
            if (signal.aborted) return false;
            if (!line) break;
            if ('data' in line) ops += line.data.data.length;
            yield line;
            if (ops > INTERRUPT_AFTER_OPS && lacks(bucket) && newer(membershipChanged)) return false;
          }
        }
        if (signal.aborted || rewritten()) return false;
        if (priority !== priorities.at(-1)) {
          yield { partial_checkpoint_complete: { last_op_id: String(upTo), priority } };
        }
      }
      for (const { name } of all) covered.set(name, upTo);
      return !signal.aborted;
    },
  };
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** How many ops fit a line: at least one. */
function withinLine(ops: readonly Op[]): number {
  let bytes = 0;
  for (const [i, op] of ops.entries()) {
    bytes += op.data?.length ?? 0;
    if (bytes > LINE_BYTES) return Math.max(i, 1);
  }
  return ops.length;
}
