import * as encoding from 'lib0/encoding';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { watchComingBack } from '../../client/description/coming-back.ts';
import { createPieces } from '../../client/description/pieces.ts';
import { createSendWhole, type WholeAnswer } from '../../client/description/send-whole.ts';
import { findCommands } from '../../client/description/slash-commands.tsx';
import { SCHEMA_VERSION } from '../../shared/description/schema-version.ts';
import { MAX_FRAME_BYTES, MESSAGE, SYNC } from '../../shared/protocol/collab.ts';

describe('a description over a frame of the socket', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function createDevice(...answers: WholeAnswer[]) {
    const report = vi.fn();
    const follow = vi.fn();
    const sendWhole = vi.fn(async () => answers.shift() ?? { kind: 'stored' as const });
    const closing = new AbortController();
    const deps = { ticketId: 'ticket', doc: new Y.Doc(), closing: closing.signal };
    return { ...createPieces({ ...deps, sendWhole, report, follow }), report, follow, sendWhole, closing };
  }

  it('is sent in one piece, then the socket opens again: only its acknowledgement says "Saved" (D2)', async () => {
    const { hear, report, follow } = createDevice();
    hear({ kind: 'too-large', piece: null });
    await vi.advanceTimersByTimeAsync(0);
    expect(report).toHaveBeenCalledExactlyOnceWith({ kind: 'retried' });
    expect(follow).toHaveBeenCalledOnce();
  });

  it('waits a moment when nobody answers, or when it goes round in circles', async () => {
    const { hear, follow } = createDevice({ kind: 'no-answer' });
    hear({ kind: 'too-large', piece: null });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(follow).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(follow).toHaveBeenCalledOnce();
    for (let times = 0; times < 2; times += 1) {
      hear({ kind: 'too-large', piece: null });
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(follow).toHaveBeenCalledTimes(2);
  });

  it('tells a refusal, and nothing once it is closed', async () => {
    const refusal = { kind: 'refused', reason: 'You do not have access.', canWrite: false } as const;
    const open = createDevice(refusal);
    open.hear({ kind: 'too-large', piece: null });
    await vi.advanceTimersByTimeAsync(0);
    expect(open.report).toHaveBeenCalledExactlyOnceWith(refusal);
    const closed = createDevice(refusal);
    closed.hear({ kind: 'too-large', piece: null });
    closed.closing.abort();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([closed.report.mock.calls, closed.follow.mock.calls]).toEqual([[], []]);
  });
});

describe('what a device brings that comes back (D11)', () => {
  const sync = (kind: number, body: Uint8Array) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, body);
    return encoding.toUint8Array(encoder);
  };
  const opened = new Uint8Array([1, 2, 3]);
  const long = new Uint8Array(MAX_FRAME_BYTES);
  const comesBackWith = (...frames: Uint8Array[]) => {
    const comingBack = watchComingBack();
    for (const frame of frames) comingBack.sent(frame);
    return comingBack.tooLarge();
  };

  it('is its first step 2, with the step 1 before it, where a frame cannot carry it', () => {
    expect(comesBackWith(sync(SYNC.step1, opened), sync(SYNC.step2, long))).toEqual({ opened, update: long });
  });

  it.each<[string, Uint8Array[]]>([
    ['a step 2 that fits', [sync(SYNC.step1, opened), sync(SYNC.step2, new Uint8Array(9))]],
    ['what was written since', [sync(SYNC.step1, opened), sync(SYNC.update, long)]],
    [
      'a later step 2',
      [sync(SYNC.step1, opened), sync(SYNC.step2, new Uint8Array(9)), sync(SYNC.step2, long)],
    ],
    [
      'that of an earlier connection',
      [sync(SYNC.step1, opened), sync(SYNC.step2, long), sync(SYNC.step1, opened)],
    ],
  ])('is not %s', (_what, frames) => {
    expect(comesBackWith(...frames)).toBeNull();
  });

  it('is sent as it was then, over again until it is answered, with how far the copy went before it', async () => {
    vi.useFakeTimers();
    const bodies: unknown[] = [];
    const answers = [503, 200, 200];
    const sendWhole = createSendWhole(async (url, init) => {
      bodies.push([url.split('?')[1], init?.body]);
      return new Response('{}', { status: answers.shift() ?? 200 });
    });
    const doc = new Y.Doc();
    const { hear } = createPieces({
      ticketId: 'ticket',
      doc,
      closing: new AbortController().signal,
      sendWhole,
      report: () => undefined,
      follow: () => undefined,
    });
    const piece = { opened, update: new Uint8Array([4, 5]) };
    hear({ kind: 'too-large', piece });
    await vi.advanceTimersByTimeAsync(0);
    // By now the server's part has reached this copy: what it says of itself is too late.
    hear({ kind: 'too-large', piece: { opened: new Uint8Array([9]), update: new Uint8Array([9]) } });
    await vi.advanceTimersByTimeAsync(0);
    hear({ kind: 'too-large', piece: null });
    await vi.advanceTimersByTimeAsync(0);
    const both = new Uint8Array([1, 2, 3, 4, 5]);
    expect(bodies).toEqual([
      [`schema=${SCHEMA_VERSION}&opened=3`, both],
      [`schema=${SCHEMA_VERSION}&opened=3`, both],
      [`schema=${SCHEMA_VERSION}`, Y.encodeStateAsUpdate(doc)],
    ]);
    vi.useRealTimers();
  });
});

describe('what the server says to one piece', () => {
  const error = (status: number, code: string) =>
    new Response(JSON.stringify({ error: { code, message: `Words about ${code}.` } }), { status });
  const answerTo = (response: Response | Error, update = new Uint8Array(3)) =>
    createSendWhole(async () => {
      if (response instanceof Error) throw response;
      return response;
    })('ticket', { update, opened: null }, new AbortController().signal);

  it.each<[Response | Error, Partial<WholeAnswer>]>([
    [new Response('{"durable":true}'), { kind: 'stored' }],
    [new Error('offline'), { kind: 'no-answer' }],
    [error(503, 'busy'), { kind: 'no-answer' }],
    [error(403, 'noAccess'), { kind: 'refused', reason: 'Words about noAccess.', canWrite: false }],
    [error(409, 'incomplete'), { kind: 'refused', reason: 'Words about incomplete.', canWrite: true }],
  ])('%#', async (response, answer) => {
    expect(await answerTo(response)).toEqual(answer);
  });

  it('is not asked for more than it takes', async () => {
    const answer = await answerTo(new Error('was asked'), new Uint8Array(10 * 1024 * 1024 + 1));
    expect(answer).toMatchObject({
      kind: 'refused',
      canWrite: true,
      reason: expect.stringContaining('10 MiB'),
    });
  });
});

it('the slash menu finds commands by the beginning of any of their words', () => {
  const commands = [
    { label: 'Numbered list', words: 'ordered' },
    { label: 'Task list', words: 'todo checkbox' },
  ];
  expect(findCommands(commands, '')).toEqual(commands);
  expect(findCommands(commands, 'LI')).toEqual(commands);
  expect(findCommands(commands, 'ord')).toEqual([commands[0]]);
  expect(findCommands(commands, 'ask')).toEqual([]);
});
