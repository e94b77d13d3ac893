import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImageStore, KeptImage } from '../../client/description/image-store.ts';
import { createImages } from '../../client/description/images.ts';
import { createValue } from '../../client/description/observable.ts';
import { createSendImage, type ImageAnswer } from '../../client/description/send-image.ts';
import { joinWaiting } from '../../client/description/waiting.ts';
import { MAX_IMAGE_BYTES } from '../../shared/protocol/images.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PNG = new Blob(['picture'], { type: 'image/png' });

function memoryStore() {
  const kept = new Map<string, KeptImage>();
  const store: ImageStore = {
    put: async (image) => void kept.set(image.id, image),
    get: async (id) => kept.get(id) ?? null,
    delete: async (id) => void kept.delete(id),
    all: async () => [...kept.values()],
  };
  return { kept, store };
}

/** A device whose server answers as told; a ticket counts as uploaded once the test says so. */
function createDevice(store: ImageStore = memoryStore().store) {
  const online = createValue(false);
  const uploaded = createValue(true);
  const answers: ImageAnswer[] = [];
  const sent: string[] = [];
  let ids = 0;
  const warn = vi.fn();
  const images = createImages({
    store,
    send: async ({ id }) => {
      sent.push(id);
      return answers.shift() ?? { kind: 'sent' };
    },
    connectivity: online,
    uploads: {
      whenUploaded: () =>
        new Promise((resolve) => {
          const look = () => uploaded.get() && resolve();
          uploaded.subscribe(look);
          look();
        }),
    },
    newId: () => `image-${++ids}`,
    now: () => 1_000,
    warn,
  });
  images.start();
  return { images, online, uploaded, answers, sent, warn };
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

describe('images that were added on this device', () => {
  it('D4: wait offline, and leave after their ticket', async () => {
    const { images, online, uploaded, sent } = createDevice();
    uploaded.set(false);
    expect(await images.add('ticket', PNG)).toEqual({ ok: true, id: 'image-1' });
    expect(images.waiting.get()).toEqual([
      { id: 'image-1', ticketId: 'ticket', refusal: null, delay: null, kept: true },
    ]);
    online.set(true);
    await settle();
    expect(sent).toEqual([]);
    uploaded.set(true);
    await settle();
    expect([sent, images.waiting.get()]).toEqual([['image-1'], []]);
  });

  it('D4: leave at a later visit, and are shown from this device meanwhile and after', async () => {
    const { store } = memoryStore();
    const before = createDevice(store);
    await before.images.add('ticket', PNG);
    before.images.stop();
    const { images, online, sent } = createDevice(store);
    await settle();
    expect(images.waiting.get()).toHaveLength(1);
    expect(await images.localAddress('image-1')).toMatch(/^blob:/);
    online.set(true);
    await settle();
    expect([sent, images.waiting.get()]).toEqual([['image-1'], []]);
    expect(await images.localAddress('image-1')).toMatch(/^blob:/);
    expect(await images.localAddress('another')).toBeNull();
  });

  it('are sent again after a fault that passes, and say meanwhile what it is', async () => {
    const { images, online, answers, sent } = createDevice();
    answers.push({ kind: 'not-now', reason: 'The image store is away.' });
    online.set(true);
    await images.add('ticket', PNG);
    await settle();
    expect(images.waiting.get()).toMatchObject([{ refusal: null, delay: 'The image store is away.' }]);
    await settle(15_000);
    expect([sent, images.waiting.get()]).toEqual([['image-1', 'image-1'], []]);
  });

  it('say why the server would not take them, until their author tries again', async () => {
    const { images, online, answers, sent } = createDevice();
    answers.push({ kind: 'refused', reason: 'No such ticket.' });
    online.set(true);
    await images.add('ticket', PNG);
    await settle(60_000);
    expect([sent.length, images.waiting.get()[0]?.refusal]).toEqual([1, 'No such ticket.']);
    images.retry('image-1');
    await settle();
    expect(images.waiting.get()).toEqual([]);
  });

  it('are shown and sent also where the browser has no room, and say that they are not kept', async () => {
    const { store } = memoryStore();
    const full = { ...store, put: () => Promise.reject(new Error('quota')) };
    const { images, online, warn } = createDevice(full);
    await images.add('ticket', PNG);
    expect(images.waiting.get()[0]?.kept).toBe(false);
    expect(warn).toHaveBeenCalled();
    expect(await images.localAddress('image-1')).toMatch(/^blob:/);
    online.set(true);
    await settle();
    expect(images.waiting.get()).toEqual([]);
  });

  it.each([
    [new Blob(['<svg/>'], { type: 'image/svg+xml' }), /Only PNG/],
    [new Blob([new Uint8Array(MAX_IMAGE_BYTES + 1)], { type: 'image/png' }), /10 MiB/],
  ])('are refused in words when nobody would take them', async (file, words) => {
    const added = await createDevice().images.add('ticket', file);
    expect(added).toEqual({ ok: false, reason: expect.stringMatching(words) });
  });
});

describe('what the server says to an image', () => {
  const answerTo = (response: Response | Error) =>
    createSendImage(async () => {
      if (response instanceof Error) throw response;
      return response;
    })({ id: 'i', ticketId: 't', file: PNG, sentAt: null, refusal: null }, new AbortController().signal);
  const error = (status: number) =>
    new Response(JSON.stringify({ error: { code: 'some_code', message: 'Words.' } }), { status });

  it.each<[Response | Error, ImageAnswer]>([
    [new Response('{}'), { kind: 'sent' }],
    [new Error('offline'), { kind: 'not-now', reason: null }],
    [error(502), { kind: 'not-now', reason: 'Words.' }],
    [error(503), { kind: 'not-now', reason: 'Words.' }],
    [error(401), { kind: 'not-now', reason: 'Words.' }],
    [error(413), { kind: 'refused', reason: 'Words.' }],
    [new Response('<html>', { status: 502 }), { kind: 'not-now', reason: 'The server answered 502.' }],
  ])('%#', async (response, answer) => {
    expect(await answerTo(response)).toEqual(answer);
  });
});

it('words and images that wait are one entry a ticket, with the reason that stands in the way', () => {
  const words = createValue([{ ticketId: 'a', refusal: null }]);
  const pictures = createValue([
    { id: '1', ticketId: 'a', refusal: 'Too large.', delay: null, kept: true },
    { id: '2', ticketId: 'b', refusal: null, delay: null, kept: true },
  ]);
  const joined = joinWaiting(words, pictures);
  expect(joined.get()).toEqual([
    { ticketId: 'a', refusal: 'Too large.', words: true, images: 1 },
    { ticketId: 'b', refusal: null, words: false, images: 1 },
  ]);
  pictures.set([]);
  expect(joined.get()).toEqual([{ ticketId: 'a', refusal: null, words: true, images: 0 }]);
});
