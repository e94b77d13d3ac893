import { z } from 'zod';

/**
 * `POST /api/tickets/:id/description?schema=<document schema version>`, `Content-Type: application/octet-stream`: one
 * Yjs update (format v1), for what is too large for a frame of the socket, as after a long time offline. It is judged,
 * stored and shown to others like a sync step 2; sending it twice changes nothing. Answers {@link descriptionWritten}
 * once all of it is committed, or an error of `error.ts`:
 * `malformed`, `signedOut`, `noAccess`, `readOnly`, `gone`, `tooLarge`, `editorTooOld`, `incomplete` (409: part of it
 * builds on text that nobody has sent yet; the rest is stored), `busy` and `not_stored` (503: try again).
 */
export const descriptionWritten = z.object({ durable: z.literal(true) });
export type DescriptionWritten = z.infer<typeof descriptionWritten>;

export const descriptionPath = (ticketId: string): string => `/api/tickets/${ticketId}/description`;

/**
 * Query parameter: so many bytes at the beginning of the body are not the update but a Yjs state vector, how far the
 * device's copy went when it came back. With it, and an update that holds every deletion the device knew then, the
 * server learns where both sides stood, as from a socket's first step 1 and step 2. At most MAX_FRAME_BYTES, as there.
 */
export const OPENED_PARAMETER = 'opened';

/** One request may carry at most this much. */
export const MAX_WRITE_BYTES = 10 * 1024 * 1024;
