import { z } from 'zod';

/**
 * Images in descriptions: `POST /api/tickets/:id/images?id=<image id>` with the file as the body, then
 * `GET /api/images/<image id>`. The device makes the id, so that sending an image again changes nothing.
 */
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024;

/** All images that were ever put into one ticket: those taken out of the text stay for its history. */
export const MAX_TICKET_IMAGE_BYTES = 100 * 1024 * 1024;

/** SVG is not among them: it can hold scripts. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

export const isImageType = (type: string | undefined): type is ImageType =>
  IMAGE_TYPES.some((known) => known === type);

/** The address that stands in the document. */
export const imageAddress = (imageId: string): string => `/api/images/${imageId}`;

/** The image that an address of ours means; undefined for every other address. */
export const imageIdOf = (address: string): string | undefined =>
  /^\/api\/images\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(address)?.[1];

export const storedImage = z.object({ image: z.object({ id: z.uuid(), url: z.string() }) });
export type StoredImage = z.output<typeof storedImage>;
