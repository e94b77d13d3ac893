import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageStore } from '../../server/images/image-store.ts';
import { MAX_IMAGE_BYTES } from '../../shared/protocol/images.ts';

export interface ImageStoreBed {
  readonly store: ImageStore;
  close(): Promise<void>;
}

/** What `server/images` relies on. Every store passes it. */
export function imageStoreContract(name: string, open: () => Promise<ImageStoreBed>): void {
  describe(`the image store contract: ${name}`, () => {
    let bed: ImageStoreBed;
    beforeAll(async () => {
      bed = await open();
    });
    afterAll(() => bed?.close());

    const someImage = (bytes: Buffer) => ({ id: randomUUID(), contentType: 'image/png' as const, bytes });

    async function bytesOf(id: string): Promise<Buffer | null> {
      const got = await bed.store.get(id);
      return got instanceof Readable ? buffer(got) : got;
    }

    test('gives back what it was given, every byte, up to the largest image', async () => {
      const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      for (const bytes of [all, Buffer.alloc(MAX_IMAGE_BYTES, all)]) {
        const image = someImage(bytes);
        await bed.store.put(image);
        expect((await bytesOf(image.id))?.equals(bytes)).toBe(true);
      }
    });

    test('takes the same image again, also twice at once', async () => {
      const image = someImage(Buffer.from('again'));
      await bed.store.put(image);
      await Promise.all([bed.store.put(image), bed.store.put(image)]);
      expect(String(await bytesOf(image.id))).toBe('again');
    });

    test('has nothing under an id it was never given', async () => {
      expect(await bytesOf(randomUUID())).toBeNull();
    });

    test('deletes many, and only those; what is not there is no fault', async () => {
      const images = Array.from({ length: 25 }, (_, at) => someImage(Buffer.from(`image ${at}`)));
      const kept = someImage(Buffer.from('kept'));
      for (const image of [...images, kept]) await bed.store.put(image);
      const ids = images.map(({ id }) => id);
      await bed.store.delete([...ids, randomUUID()]);
      await bed.store.delete(ids);
      expect(await Promise.all(ids.map(bytesOf))).toEqual(ids.map(() => null));
      expect(String(await bytesOf(kept.id))).toBe('kept');
    });
  });
}
