import type { Readable } from 'node:stream';
import type { ImageType } from '../../shared/protocol/images.ts';

/**
 * Where the bytes of images are. It knows nothing of people and tickets: `routes.ts` decides who may have an image
 * before it asks here. What fails is thrown; by a bucket as a `Problem` with 502 or 503.
 */
export interface ImageStore {
  /** Once it resolves the bytes are durable. Putting an image again changes nothing. */
  put(image: ImageBytes): Promise<void>;
  /** Null when they are not there. */
  get(id: string): Promise<Buffer | Readable | null>;
  /** Deleting what is not there is no fault. */
  delete(ids: readonly string[]): Promise<void>;
}

export interface ImageBytes {
  readonly id: string;
  readonly contentType: ImageType;
  readonly bytes: Buffer;
}

export const PLACES = ['postgres', 'bucket'] as const;
export type Place = (typeof PLACES)[number];

/** Images stay where they were put, so that a bucket can be taken into use at any time. */
export type ImageStores = Readonly<Record<Place, ImageStore | null>>;
