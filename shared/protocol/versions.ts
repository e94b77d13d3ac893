import { z } from 'zod';

/**
 * `GET /api/tickets/:id/versions` → {@link versionList}, the oldest first.
 * `GET /api/tickets/:id/versions/:version` → {@link versionDocument}; `version` is an id of the list.
 * `POST /api/tickets/:id/versions` keeps what stands now, before a restore replaces it → {@link versionEntry}.
 */
export const VERSION_KINDS = [
  /** People wrote without a longer pause. */
  'session',
  /** What stood on the server just before a device came back from being apart. */
  'before-merge',
  /** Of an offline merge with overlaps (D12): what both sides had shared, what the device brought, and all of it. */
  'base',
  'yours',
  'merged',
  /** What stood before somebody restored an older version. */
  'before-restore',
] as const;
export type VersionKind = (typeof VERSION_KINDS)[number];

export const versionEntry = z.object({
  id: z.string(),
  kind: z.enum(VERSION_KINDS),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime(),
  /** Who wrote in it; for a kept version, whose coming back or restoring it was kept for. */
  authors: z.array(
    z.object({
      id: z.string(),
      started_at: z.iso.datetime(),
      ended_at: z.iso.datetime(),
      edits: z.number(),
    }),
  ),
  review_id: z.string().nullable(),
});
export type VersionEntry = z.infer<typeof versionEntry>;

export const versionList = z.object({ versions: z.array(versionEntry) });

/** A ProseMirror document. */
export const versionDocument = z.object({ document: z.looseObject({ type: z.string() }) });
