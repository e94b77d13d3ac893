import * as idb from 'lib0/indexeddb';
import { z } from 'zod';

/** An image that was added on this device. Sent ones stay a while, so that their author sees them offline too. */
export interface KeptImage {
  readonly id: string;
  readonly ticketId: string;
  readonly file: Blob;
  /** Milliseconds since 1970; null until the server has it. */
  readonly sentAt: number | null;
  /** Why the server would not take it. */
  readonly refusal: string | null;
}

export interface ImageStore {
  put(image: KeptImage): Promise<void>;
  get(id: string): Promise<KeptImage | null>;
  delete(id: string): Promise<void>;
  all(): Promise<readonly KeptImage[]>;
}

const STORE = 'images';
const kept = z.object({
  id: z.uuid(),
  ticketId: z.string(),
  file: z.instanceof(Blob),
  sentAt: z.number().nullable(),
  refusal: z.string().nullable(),
});

/** One database per person: another account on this browser neither sees nor sends these. */
export function createImageStore(userId: string): ImageStore {
  const opened = idb.openDB(`rejoin-descriptions/${userId}/images`, (db) => idb.createStores(db, [[STORE]]));
  // Each call reports the failure to its caller; without a caller yet it must not count as unhandled.
  opened.catch(() => undefined);
  const store = async (access: 'readonly' | 'readwrite') =>
    idb.getStore(await opened.then((db) => db.transaction(STORE, access)), STORE);
  return {
    async put(image) {
      await idb.rtop((await store('readwrite')).put(image, image.id));
    },
    get: async (id) => kept.safeParse(await idb.get(await store('readonly'), id)).data ?? null,
    async delete(id) {
      await idb.del(await store('readwrite'), id);
    },
    async all() {
      const found = await idb.getAll(await store('readonly'));
      return found.flatMap((row) => kept.safeParse(row).data ?? []);
    },
  };
}
