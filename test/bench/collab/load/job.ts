import { z } from 'zod';

/** What the load generator, a process of its own, is asked and answers. Times are milliseconds. */
export const DIALECTS = ['y-websocket', 'hocuspocus'] as const;
export const dialect = z.enum(DIALECTS);
export type Dialect = z.infer<typeof dialect>;

const target = {
  url: z.string(),
  dialect,
  documents: z.array(z.string()),
  /** Whether the server acknowledges what is durable. */
  isDurable: z.boolean(),
};

export const loadJob = z.discriminatedUnion('kind', [
  /** Two clients on each document; together `rate` updates a second, evenly, whatever the server does. */
  z.object({
    kind: z.literal('fanOut'),
    ...target,
    warmUpRate: z.number(),
    warmUpMs: z.number(),
    rate: z.number(),
    ms: z.number(),
  }),
  /** Two clients on each document, each with one update on its way at a time. */
  z.object({ kind: z.literal('sustained'), ...target, warmUpMs: z.number(), ms: z.number() }),
  /** One client on each document, until it is told to leave; each brings `content` where the server has none. */
  z.object({ kind: z.literal('hold'), ...target, content: z.string() }),
  /** Opens one document after another; says how long the first bytes of state took. */
  z.object({ kind: z.literal('open'), ...target }),
  /** Two clients on each document write until the server is gone. */
  z.object({ kind: z.literal('crash'), ...target, rate: z.number() }),
  /** Reads each document; says how far each client's writing is there. */
  z.object({ kind: z.literal('read'), ...target }),
  /** Two honest clients on the first document, and hostile ones beside them. */
  z.object({ kind: z.literal('hostile'), ...target, frames: z.number(), hasViewers: z.boolean() }),
]);
export type LoadJob = z.infer<typeof loadJob>;
export type JobOf<K extends LoadJob['kind']> = Extract<LoadJob, { kind: K }>;

export const quantiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });
export type Quantiles = z.infer<typeof quantiles>;

export const fanOutResult = z.object({
  toPeer: quantiles,
  /** From sending to the acknowledgement that says it is durable; null where the server has none. */
  durable: quantiles.nullable(),
  sent: z.number(),
  delivered: z.number(),
});
export const sustainedResult = z.object({ perSecond: z.number(), updates: z.number() });
export const openResult = z.object({ firstByteMs: z.array(z.number()), bytes: z.number() });
/** By document and Yjs client: the clock up to which its writing was seen. */
const reached = z.record(z.string(), z.number());
export const crashResult = z.object({ sent: reached, echoed: reached, acknowledged: reached });
export const readResult = z.object({ stored: reached });
export const hostileResult = z.object({
  sent: z.number(),
  connections: z.number(),
  closed44: z.number(),
  closedOtherwise: z.number(),
  answered: z.number(),
  ignored: z.number(),
  honestP99: z.number(),
  honestLost: z.number(),
  honestClosed: z.number(),
  isForgedSeen: z.boolean(),
  isWhole: z.boolean(),
});

/** What the load generator says: `ready` when the load runs (hold, crash), `done` with the result, `failed`. */
export const loadMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('done'), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), error: z.string() }),
]);
