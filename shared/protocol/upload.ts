import { z } from 'zod';

/**
 * `POST /api/upload`: one request carries a batch of PowerSync transactions.
 * The envelope is strict; what an op says of its row is judged op by op, so that a broken one is answered
 * `rejected` and never blocks those behind it (C15).
 */
export const MAX_UPLOAD_BYTES = 10 * 1024 * 1024;

/** One entry of the upload queue, in the shape of `CrudEntry.toJSON()`. */
export const opEnvelope = z.looseObject({ op_id: z.number().int().nonnegative() });

export const op = z.object({
  op_id: z.number().int().nonnegative(),
  op: z.enum(['PUT', 'PATCH', 'DELETE']),
  type: z.string(),
  id: z.string().min(1).max(200),
  tx_id: z.number().int().nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
  /** The local row's values before the edit, for the columns it names; absent on PUT. */
  old: z.record(z.string(), z.unknown()).nullish(),
  /** JSON of {@link opMetadata}, as the client's `_metadata` column holds it. */
  metadata: z.string().max(10_000).nullish(),
});
export type Op = z.infer<typeof op>;

/** What a device says about the moment of an edit. Shown to people, never trusted for order or authorship (C17). */
export const opMetadata = z.object({
  made_at: z.iso.datetime().optional(),
  offline_since: z.iso.datetime().optional(),
});
export type OpMetadata = z.infer<typeof opMetadata>;

export const uploadRequest = z.object({
  device_id: z.string().min(1).max(200),
  /** Whose queue this is: under another account's session the upload is refused with 409, and nothing is taken. */
  user_id: z.string().min(1).max(200).optional(),
  transactions: z.array(z.object({ tx_id: z.number().int().nullish(), ops: z.array(opEnvelope) })),
});
export type UploadRequest = z.infer<typeof uploadRequest>;

/** What became of an op; the words are in the glossary of README. */
export const OUTCOMES = ['applied', 'unchanged', 'merged', 'kept', 'review', 'rejected'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const opOutcome = z.object({
  op_id: z.number().int(),
  outcome: z.enum(OUTCOMES),
  /** A sentence for the author; null where nothing needs saying. */
  reason: z.string().nullable(),
  conflict_id: z.string().optional(),
});
export type OpOutcome = z.infer<typeof opOutcome>;

export const uploadResponse = z.object({ outcomes: z.array(opOutcome) });
export type UploadResponse = z.infer<typeof uploadResponse>;
