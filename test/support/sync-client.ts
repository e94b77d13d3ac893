import { deserialize } from 'bson';
import { z } from 'zod';
import { tokenFor } from './sync-engine.ts';

/**
 * A client of the sync protocol that keeps what it is sent and checks, at every `checkpoint_complete`, what the
 * protocol promises. It knows nothing of the engine.
 */
export interface SyncClient {
  readonly buckets: ReadonlyMap<string, ClientBucket>;
  /** Every line of the current and of earlier connections. */
  readonly lines: Line[];
  /** Ops downloaded since the client was made. */
  readonly opsReceived: number;
  readonly lastOpId: bigint;
  readonly writeCheckpoint: bigint | null;
  readonly connected: boolean;
  connect(endpoint: string, options?: ConnectOptions): Promise<void>;
  disconnect(): Promise<void>;
  /** Waits until the client's completed state passes `test`. */
  until(test: () => boolean, what: string): Promise<void>;
  /** Waits until the stream has ended. */
  ended(): Promise<void>;
  /** The rows of a table, by id, as all buckets have them. */
  rows(table: string): Map<string, Record<string, unknown>>;
  requestWriteCheckpoint(): Promise<bigint>;
}

export interface ClientBucket {
  /** Reduced as the SDK does: live rows, and the checksum of everything else. */
  rows: Map<string, { table: string; id: string; data: Record<string, unknown> }>;
  after: bigint;
  checksum: number;
  count: number;
  /** What the checkpoint says it must be when complete. */
  target: { checksum: number; count: number };
  /** Counts are only comparable in a bucket that was not compacted under the client. */
  resumed: boolean;
}

export interface ConnectOptions {
  userId?: string;
  clientId?: string;
  accept?: string;
  token?: string;
  rawData?: boolean;
  gzip?: boolean;
  streams?: unknown;
  parameters?: unknown;
}

export type Line = z.infer<typeof lineSchema>;

const op = z.object({
  op_id: z.string(),
  op: z.enum(['PUT', 'REMOVE', 'MOVE', 'CLEAR']),
  object_type: z.string().optional(),
  object_id: z.string().optional(),
  subkey: z.string().optional(),
  checksum: z.number(),
  data: z.unknown().optional(),
});
const bucketState = z.object({
  bucket: z.string(),
  checksum: z.number(),
  count: z.number(),
  priority: z.number(),
  subscriptions: z.array(z.unknown()),
});
const head = { last_op_id: z.string(), write_checkpoint: z.string().optional() };
const lineSchema = z.union([
  z.object({
    checkpoint: z.object({ ...head, buckets: z.array(bucketState), streams: z.array(z.unknown()) }),
  }),
  z.object({
    checkpoint_diff: z.object({
      ...head,
      removed_buckets: z.array(z.string()),
      updated_buckets: z.array(bucketState),
    }),
  }),
  z.object({
    data: z.object({
      bucket: z.string(),
      after: z.string(),
      has_more: z.boolean(),
      data: z.array(op),
      next_after: z.string(),
    }),
  }),
  z.object({ partial_checkpoint_complete: z.object({ last_op_id: z.string(), priority: z.number() }) }),
  z.object({ checkpoint_complete: z.object({ last_op_id: z.string() }) }),
  z.object({ token_expires_in: z.number() }),
]);

const WAIT_MS = 20_000;

export function createSyncClient(defaults: ConnectOptions = {}): SyncClient {
  const buckets = new Map<string, ClientBucket>();
  const lines: Line[] = [];
  const watchers = new Set<() => void>();
  let opsReceived = 0;
  let lastOpId = 0n;
  let expectedOpId = 0n;
  let writeCheckpoint: bigint | null = null;
  let abort = new AbortController();
  let reading: Promise<void> | null = null;
  let failure: Error | null = null;
  let endpoint = '';
  let identity = { userId: 'user', clientId: 'client', ...defaults };

  const check = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`The sync protocol was broken: ${what}`);
  };
  const fresh = (): ClientBucket => ({
    rows: new Map(),
    after: 0n,
    checksum: 0,
    count: 0,
    target: { checksum: 0, count: 0 },
    resumed: false,
  });
  const setTargets = (states: z.infer<typeof bucketState>[]) => {
    for (const { bucket, checksum, count } of states) {
      const held = buckets.get(bucket) ?? fresh();
      held.target = { checksum, count };
      // Compacted under the client: it keeps its own form of the same history.
      if (count < held.count) held.resumed = true;
      buckets.set(bucket, held);
    }
  };
  const expectOpId = (state: { last_op_id: string; write_checkpoint?: string | undefined }) => {
    expectedOpId = BigInt(state.last_op_id);
    check(expectedOpId >= lastOpId, `last_op_id fell from ${lastOpId} to ${expectedOpId}`);
    if (state.write_checkpoint === undefined) return;
    const write = BigInt(state.write_checkpoint);
    check(write >= (writeCheckpoint ?? 0n), 'the write checkpoint fell');
    writeCheckpoint = write;
  };
  const receive = (data: Extract<Line, { data: unknown }>['data']) => {
    const bucket = buckets.get(data.bucket);
    if (!bucket) throw new Error(`Data for ${data.bucket}, which is not in the checkpoint.`);
    check(BigInt(data.after) === bucket.after, `after ${data.after} is not the position ${bucket.after}`);
    for (const each of data.data) {
      const id = BigInt(each.op_id);
      check(id > bucket.after, `op ${id} is not after ${bucket.after} in ${data.bucket}`);
      bucket.after = id;
      apply(bucket, each);
      opsReceived++;
    }
    check(BigInt(data.next_after) >= bucket.after, 'next_after is before the last op');
    bucket.after = BigInt(data.next_after);
  };
  const complete = (id: string) => {
    check(BigInt(id) === expectedOpId, 'checkpoint_complete is for another checkpoint');
    for (const [name, bucket] of buckets) {
      const { checksum, count } = bucket.target;
      check(
        (bucket.checksum | 0) === checksum,
        `checksum of ${name}: ${bucket.checksum | 0}, not ${checksum}`,
      );
      check(bucket.resumed || bucket.count === count, `count of ${name}: ${bucket.count}, not ${count}`);
    }
    lastOpId = BigInt(id);
  };
  const take = (line: Line) => {
    lines.push(line);
    if ('checkpoint' in line) {
      const names = new Set(line.checkpoint.buckets.map(({ bucket }) => bucket));
      for (const name of buckets.keys()) if (!names.has(name)) buckets.delete(name);
      setTargets(line.checkpoint.buckets);
      expectOpId(line.checkpoint);
    } else if ('checkpoint_diff' in line) {
      for (const name of line.checkpoint_diff.removed_buckets) {
        check(buckets.delete(name), `removed bucket ${name} was not there`);
      }
      setTargets(line.checkpoint_diff.updated_buckets);
      expectOpId(line.checkpoint_diff);
    } else if ('data' in line) receive(line.data);
    else if ('checkpoint_complete' in line) complete(line.checkpoint_complete.last_op_id);
    for (const watcher of [...watchers]) watcher();
  };

  const client: SyncClient = {
    buckets,
    lines,
    get opsReceived() {
      return opsReceived;
    },
    get lastOpId() {
      return lastOpId;
    },
    get writeCheckpoint() {
      return writeCheckpoint;
    },
    get connected() {
      return reading !== null;
    },
    async connect(to, options = {}) {
      endpoint = to;
      identity = { ...identity, ...options };
      abort = new AbortController();
      failure = null;
      for (const bucket of buckets.values()) bucket.resumed = true;
      const response = await fetch(`${to}/sync/stream`, {
        method: 'POST',
        signal: abort.signal,
        headers: {
          'content-type': 'application/json',
          accept: identity.accept ?? 'application/x-ndjson',
          'accept-encoding': identity.gzip ? 'gzip' : 'identity',
          authorization: `Token ${identity.token ?? tokenFor(identity.userId)}`,
        },
        body: JSON.stringify({
          buckets: [...buckets].map(([name, { after }]) => ({ name, after: String(after) })),
          include_checksum: true,
          raw_data: identity.rawData ?? true,
          client_id: identity.clientId,
          parameters: identity.parameters ?? {},
          ...(identity.streams === undefined ? {} : { streams: identity.streams }),
        }),
      });
      const { body } = response;
      if (!response.ok || !body) throw new Error(`${response.status} ${await response.text()}`);
      const isBson = response.headers.get('content-type')?.includes('bson') ?? false;
      reading = (async () => {
        try {
          for await (const raw of isBson ? bsonLines(body) : jsonLines(body)) {
            take(lineSchema.parse(raw));
          }
        } catch (error) {
          if (!abort.signal.aborted) failure = error instanceof Error ? error : new Error(String(error));
        }
        reading = null;
        for (const watcher of [...watchers]) watcher();
      })();
    },
    async disconnect() {
      abort.abort();
      await reading;
    },
    until(test, what) {
      return new Promise((resolve, reject) => {
        const done = (end: () => void) => {
          clearTimeout(timer);
          watchers.delete(look);
          end();
        };
        const look = () => {
          const cause = failure;
          if (cause) done(() => reject(cause));
          else if (test()) done(resolve);
        };
        const timer = setTimeout(() => done(() => reject(new Error(`Waited in vain: ${what}`))), WAIT_MS);
        watchers.add(look);
        look();
      });
    },
    ended: () => client.until(() => reading === null, 'the end of the stream'),
    rows(table) {
      const found = new Map<string, Record<string, unknown>>();
      for (const bucket of buckets.values()) {
        for (const row of bucket.rows.values()) if (row.table === table) found.set(row.id, row.data);
      }
      return found;
    },
    async requestWriteCheckpoint() {
      const response = await fetch(`${endpoint}/write-checkpoint2.json?client_id=${identity.clientId}`, {
        headers: { authorization: `Token ${tokenFor(identity.userId)}` },
      });
      const body = z
        .object({ data: z.object({ write_checkpoint: z.string() }) })
        .parse(await response.json());
      return BigInt(body.data.write_checkpoint);
    },
  };
  return client;
}

function apply(bucket: ClientBucket, each: z.infer<typeof op>): void {
  bucket.count++;
  if (each.op === 'CLEAR') {
    bucket.rows.clear();
    bucket.checksum = each.checksum;
    bucket.count = 1;
    return;
  }
  bucket.checksum = (bucket.checksum + each.checksum) >>> 0;
  if (each.op === 'MOVE') return;
  const key = JSON.stringify([each.object_type, each.object_id, each.subkey]);
  if (each.op === 'REMOVE') bucket.rows.delete(key);
  else {
    const data = typeof each.data === 'string' ? JSON.parse(each.data) : each.data;
    bucket.rows.set(key, {
      table: each.object_type ?? '',
      id: each.object_id ?? '',
      data: z.record(z.string(), z.unknown()).parse(data),
    });
  }
}

async function* jsonLines(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield JSON.parse(part);
  }
}

async function* bsonLines(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  let rest = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const size = rest.readInt32LE(0);
      yield deserialize(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  }
}
