import { z } from 'zod';
import type { Judgement, Usable } from './judge-update.ts';

/** What the worker thread is asked: all work on whole documents, so that the main thread never does it. */
export const DESCRIPTION_FORMATS = ['update', 'json', 'markdown', 'text'] as const;
export type DescriptionFormat = (typeof DESCRIPTION_FORMATS)[number];

const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);
const unmerged = { snapshot: bytes.nullable(), updates: z.array(bytes) };
const clocks = z.map(z.number(), z.number());
const ranges = z.array(z.object({ client: z.number(), start: z.number(), end: z.number() }));
const parts = z.object({ ends: clocks, deletes: ranges });

export const documentJob = z.discriminatedUnion('kind', [
  /** `rows`: log rows in one piece (packed-rows.ts). */
  z.object({ kind: z.literal('merge'), snapshot: bytes.nullable(), rows: bytes }),
  z.object({ kind: z.literal('render'), format: z.enum(DESCRIPTION_FORMATS), ...unmerged }),
  z.object({ kind: z.literal('open'), stateVector: bytes, ...unmerged }),
  z.object({
    kind: z.literal('judge'),
    update: bytes,
    known: z.object({ clocks, deletes: z.map(z.number(), z.array(z.number())) }),
  }),
  z.object({ kind: z.literal('deletes'), snapshot: bytes }),
]);
export type DocumentJob = z.infer<typeof documentJob>;

export const mergeResult = z.object({
  snapshot: bytes,
  stateVector: bytes,
  refused: z.array(z.number()),
  /** The document's words, for lists and search. */
  text: z.string(),
  /** See `PersonMention`. */
  mentions: z.array(z.object({ personId: z.string(), excerpt: z.string(), update: z.number().nullable() })),
});
export type MergeResult = z.infer<typeof mergeResult>;

/** Bytes for `update`, text for the rest. */
export const renderResult = z.union([bytes, z.string()]);
export type RenderResult = z.infer<typeof renderResult>;

/** The frames that bring a client up to date. */
export const openResult = z.array(bytes);

export const judgeResult = z.object({
  judgement: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('new'), parts }),
    z.object({ kind: z.literal('known') }),
    z.object({ kind: z.literal('gap') }),
    z.object({ kind: z.literal('malformed') }),
  ]),
  /** Of an update with a gap: the part that fits at once. */
  usable: z.object({ update: bytes, parts }).nullable(),
});
export type JudgeResult = z.infer<typeof judgeResult>;

export const deletesResult = ranges;

/** The result of any job; the asker knows which. */
export type JobResult =
  | MergeResult
  | RenderResult
  | { readonly judgement: Judgement; readonly usable: Usable | null }
  | z.infer<typeof openResult>
  | z.infer<typeof deletesResult>;

export const jobRequest = z.object({ id: z.number(), job: documentJob });

export const jobAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.number(), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), id: z.number(), error: z.string() }),
]);
export type JobAnswer = z.infer<typeof jobAnswer>;
