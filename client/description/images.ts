import { isImageType, MAX_IMAGE_BYTES } from '../../shared/protocol/images.ts';
import type { Connectivity, TicketUploads } from './connectivity.ts';
import type { ImageStore, KeptImage } from './image-store.ts';
import { createValue, type Observable } from './observable.ts';
import { createPlaces } from './places.ts';
import type { ImageAnswer, SendImage } from './send-image.ts';

/** An image that the server does not have. */
export interface WaitingImage {
  readonly id: string;
  readonly ticketId: string;
  /** Why the server would not take it; null while nothing stands in the way but the connection. */
  readonly refusal: string | null;
  /** What kept the server from taking it when it was last sent; it is sent again by itself. */
  readonly delay: string | null;
  /** False where this browser could not store it: it is gone with the page. */
  readonly kept: boolean;
}

export type AddedImage =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly reason: string };

/** Images in descriptions: kept on this device at once, sent after their ticket, in the background. */
export interface Images {
  /** What waits to be sent, for the image itself, the outbox and the guard at sign-out. */
  readonly waiting: Observable<readonly WaitingImage[]>;
  readonly online: Observable<boolean>;
  /** Takes an image; the id is its own for ever, so that its address can stand in the text at once. */
  add(ticketId: string, file: Blob): Promise<AddedImage>;
  /** Where this device shows it from; null when it has to come from the server. */
  localAddress(id: string): Promise<string | null>;
  /** Sends again what the server refused. */
  retry(id: string): void;
  /** Drops what of a ticket was not sent. */
  forget(ticketId: string): Promise<void>;
  start(): void;
  stop(): void;
}

export interface ImagesDeps {
  readonly store: ImageStore;
  readonly send: SendImage;
  readonly connectivity: Connectivity;
  readonly uploads: Pick<TicketUploads, 'whenUploaded'>;
  readonly newId: () => string;
  readonly now: () => number;
  readonly warn: (message: string, cause: unknown) => void;
}

const AT_ONCE = 2;
const AGAIN_MS = 15_000;
const KEEP_SENT_MS = 30 * 24 * 60 * 60 * 1000;

export function createImages(deps: ImagesDeps): Images {
  const { store, connectivity, now, warn } = deps;
  const waiting = createValue<readonly WaitingImage[]>([], sameWaiting);
  /** Those added or read in this page: their files, for what could not be stored and to show them. */
  const files = new Map<string, KeptImage>();
  const addresses = new Map<string, string>();
  const delays = new Map<string, string>();
  const underWay = new Set<string>();
  const places = createPlaces(AT_ONCE);
  let stopped = new AbortController();

  const tell = (image: KeptImage, kept: boolean) => {
    const others = waiting.get().filter(({ id }) => id !== image.id);
    const { id, ticketId, refusal } = image;
    const one = { id, ticketId, refusal, delay: delays.get(id) ?? null, kept };
    waiting.set(image.sentAt === null ? [...others, one] : others);
  };
  const keep = async (image: KeptImage) => {
    files.set(image.id, image);
    try {
      await store.put(image);
      tell(image, true);
    } catch (cause) {
      tell(image, false);
      warn('This browser could not keep an image; it is gone with this page unless it is sent first.', cause);
    }
  };
  const take = async (image: KeptImage, answer: ImageAnswer) => {
    delays.delete(image.id);
    switch (answer.kind) {
      case 'sent':
        return keep({ ...image, sentAt: now() });
      case 'refused':
        return keep({ ...image, refusal: answer.reason });
      case 'not-now':
        if (answer.reason !== null) delays.set(image.id, answer.reason);
        waiting.set(
          waiting.get().map((one) => (one.id === image.id ? { ...one, delay: answer.reason } : one)),
        );
    }
  };
  const deliver = async (image: KeptImage, signal: AbortSignal) => {
    await deps.uploads.whenUploaded(image.ticketId, signal);
    const answer = await places.within(() => deps.send(image, signal));
    await take(image, answer);
  };
  const look = () => {
    if (!connectivity.get()) return;
    const { signal } = stopped;
    for (const { id, refusal } of waiting.get()) {
      const image = files.get(id);
      if (!image || refusal !== null || underWay.has(id) || signal.aborted) continue;
      underWay.add(id);
      deliver(image, signal)
        .catch((cause: unknown) => signal.aborted || warn('An image could not be sent.', cause))
        .finally(() => underWay.delete(id));
    }
  };
  /** Other tabs add and send images too. */
  const load = async () => {
    for (const image of await store.all()) {
      if (image.sentAt !== null && image.sentAt < now() - KEEP_SENT_MS) await store.delete(image.id);
      if (image.sentAt === null) files.set(image.id, image);
      tell(image, true);
    }
    look();
  };

  const loadSoon = () =>
    void load().catch((cause: unknown) => warn('Images that wait to be sent could not be looked up.', cause));

  return {
    waiting,
    online: connectivity,
    async add(ticketId, file) {
      const reason = refusalOf(file);
      if (reason !== null) return { ok: false, reason };
      const id = deps.newId();
      await keep({ id, ticketId, file, sentAt: null, refusal: null });
      look();
      return { ok: true, id };
    },
    async localAddress(id) {
      const known = addresses.get(id);
      if (known !== undefined) return known;
      // Without storage, or when reading fails, the server may have it.
      const image = files.get(id) ?? (await store.get(id).catch(() => null));
      if (!image) return null;
      const address = addresses.get(id) ?? URL.createObjectURL(image.file);
      addresses.set(id, address);
      return address;
    },
    retry(id) {
      const image = files.get(id);
      if (image) void keep({ ...image, refusal: null }).then(look);
    },
    async forget(ticketId) {
      const unsent = waiting.get().filter((one) => one.ticketId === ticketId);
      waiting.set(waiting.get().filter((one) => one.ticketId !== ticketId));
      for (const { id } of unsent) {
        files.delete(id);
        await store.delete(id);
      }
    },
    start() {
      stopped = new AbortController();
      const timer = setInterval(loadSoon, AGAIN_MS);
      const unsubscribe = connectivity.subscribe(look);
      stopped.signal.addEventListener('abort', () => {
        clearInterval(timer);
        unsubscribe();
      });
      loadSoon();
    },
    stop() {
      stopped.abort();
      for (const address of addresses.values()) URL.revokeObjectURL(address);
      addresses.clear();
    },
  };
}

function refusalOf({ type, size }: Blob): string | null {
  if (!isImageType(type)) return 'Only PNG, JPEG, GIF, WebP and AVIF images can be added.';
  if (size > MAX_IMAGE_BYTES) return 'An image can have at most 10 MiB. Make it smaller and add it again.';
  return null;
}

const sameWaiting = (a: readonly WaitingImage[], b: readonly WaitingImage[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
