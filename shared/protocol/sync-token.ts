import { z } from 'zod';

/** `GET /api/sync/token`: what the PowerSync SDK needs to connect. */
export const syncToken = z.object({ endpoint: z.url(), token: z.string(), expires_at: z.iso.datetime() });
export type SyncToken = z.infer<typeof syncToken>;
