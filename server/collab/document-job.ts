import { z } from 'zod';

/** What the worker thread is asked: all work that builds a Y.Doc, so that the main thread never does. */
export const DESCRIPTION_FORMATS = ['update', 'json', 'markdown', 'text'] as const;
export type DescriptionFormat = (typeof DESCRIPTION_FORMATS)[number];

const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);
const unmerged = { snapshot: bytes.nullable(), updates: z.array(bytes) };

export const documentJob = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('merge'), ...unmerged }),
  z.object({ kind: z.literal('render'), format: z.enum(DESCRIPTION_FORMATS), ...unmerged }),
]);
export type DocumentJob = z.infer<typeof documentJob>;

export const mergeResult = z.object({
  snapshot: bytes,
  stateVector: bytes,
  refused: z.array(z.number()),
  /** The document's words, for lists and search. */
  text: z.string(),
});
export type MergeResult = z.infer<typeof mergeResult>;

/** Bytes for `update`, a document for `json`, words for the rest. */
export const renderResult = z.union([bytes, z.string(), z.record(z.string(), z.unknown())]);
export type RenderResult = z.infer<typeof renderResult>;

export const jobRequest = z.object({ id: z.number(), job: documentJob });

export const jobAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.number(), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), id: z.number(), error: z.string() }),
]);
export type JobAnswer = z.infer<typeof jobAnswer>;
