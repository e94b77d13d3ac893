import { z } from 'zod';

/**
 * `POST /api/projects/:id/import`: the body is JSON Lines, one ticket a line. The answer is JSON Lines too, sent
 * while the import runs: any number of `progress`, then one `report`, or one `error` where it had to stop.
 */
export const MAX_IMPORT_BYTES = 100 * 1024 * 1024;

const counts = {
  /** Lines read so far, empty ones included. */
  lines: z.number().int(),
  imported: z.number().int(),
  /** Tickets that an earlier import had brought already. */
  skipped: z.number().int(),
  refused: z.number().int(),
};

export const refusedLine = z.object({ line: z.number().int(), reason: z.string() });
export type RefusedLine = z.infer<typeof refusedLine>;

export const importProgress = z.object(counts);
export type ImportProgress = z.infer<typeof importProgress>;

/** `rejected` lists the first {@link MAX_REJECTED} refused lines; `refused` counts them all. */
export const importReport = z.object({ ...counts, rejected: z.array(refusedLine) });
export type ImportReport = z.infer<typeof importReport>;

export const MAX_REJECTED = 1000;

export const importMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), ...importProgress.shape }),
  z.object({ type: z.literal('report'), ...importReport.shape }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type ImportMessage = z.infer<typeof importMessage>;
