import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createPieces } from '../../client/description/pieces.ts';
import { createSendWhole, type SendWhole, type WholeAnswer } from '../../client/description/send-whole.ts';
import { findCommands } from '../../client/description/slash-commands.tsx';

describe('a description over a frame of the socket', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function createDevice(...answers: WholeAnswer[]) {
    const report = vi.fn();
    const follow = vi.fn();
    const sendWhole = vi.fn<SendWhole>(async () => answers.shift() ?? { kind: 'stored' as const });
    const closing = new AbortController();
    const done = vi.fn();
    const deps = { ticketId: 'ticket', doc: new Y.Doc(), closing: closing.signal };
    const { hear } = createPieces({ ...deps, sendWhole, done, report, follow });
    return { hear, done, report, follow, sendWhole, closing, doc: deps.doc };
  }

  it('is sent in one piece, then the socket opens again: only its acknowledgement says "Saved" (D2)', async () => {
    const { hear, report, follow } = createDevice();
    hear({ kind: 'too-large', brought: null });
    await vi.advanceTimersByTimeAsync(0);
    expect(report).toHaveBeenCalledExactlyOnceWith({ kind: 'retried' });
    expect(follow).toHaveBeenCalledOnce();
  });

  it('waits a moment when nobody answers, or when it goes round in circles', async () => {
    const { hear, follow } = createDevice({ kind: 'no-answer' });
    hear({ kind: 'too-large', brought: null });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(follow).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(follow).toHaveBeenCalledOnce();
    for (let times = 0; times < 2; times += 1) {
      hear({ kind: 'too-large', brought: null });
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(follow).toHaveBeenCalledTimes(2);
  });

  it('is what the device brought, and only once that is stored the device may forget it (D11)', async () => {
    const { hear, done, sendWhole, doc } = createDevice({ kind: 'no-answer' });
    const piece = { opened: new Uint8Array([1, 2, 3]), update: new Uint8Array([4, 5]) };
    const brought = { step1: new Uint8Array([0, 0, 3, 1, 2, 3]), step2: new Uint8Array([0, 1, 2, 4, 5]) };
    hear({ kind: 'too-large', brought });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(done).not.toHaveBeenCalled();
    hear({ kind: 'too-large', brought });
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toHaveBeenCalledExactlyOnceWith(brought);
    hear({ kind: 'too-large', brought: null });
    await vi.advanceTimersByTimeAsync(10_000);
    const whole = { opened: null, update: Y.encodeStateAsUpdate(doc) };
    expect(sendWhole.mock.calls.map(([, sent]) => sent)).toEqual([piece, piece, whole]);
    expect(done).toHaveBeenCalledOnce();
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('is brought anew by the next try only if it is refused for good: %s', async (isForGood, times) => {
    const { hear, done } = createDevice({
      kind: 'refused',
      reason: 'Over 10 MiB.',
      canWrite: true,
      isForGood,
    });
    hear({
      kind: 'too-large',
      brought: { step1: new Uint8Array([0, 0, 1, 1]), step2: new Uint8Array([0, 1, 1, 2]) },
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(done).toHaveBeenCalledTimes(times);
  });

  it('tells a refusal, and nothing once it is closed', async () => {
    const refusal = { kind: 'refused', reason: 'You do not have access.', canWrite: false } as const;
    const open = createDevice({ ...refusal, isForGood: false });
    open.hear({ kind: 'too-large', brought: null });
    await vi.advanceTimersByTimeAsync(0);
    expect(open.report).toHaveBeenCalledExactlyOnceWith(refusal);
    const closed = createDevice({ ...refusal, isForGood: false });
    closed.hear({ kind: 'too-large', brought: null });
    closed.closing.abort();
    await vi.advanceTimersByTimeAsync(20_000);
    expect([closed.report.mock.calls, closed.follow.mock.calls]).toEqual([[], []]);
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
    [
      error(403, 'noAccess'),
      { kind: 'refused', reason: 'Words about noAccess.', canWrite: false, isForGood: false },
    ],
    [
      error(409, 'incomplete'),
      { kind: 'refused', reason: 'Words about incomplete.', canWrite: true, isForGood: true },
    ],
  ])('%#', async (response, answer) => {
    expect(await answerTo(response)).toEqual(answer);
  });

  it('is not asked for more than it takes', async () => {
    const answer = await answerTo(new Error('was asked'), new Uint8Array(10 * 1024 * 1024 + 1));
    expect(answer).toMatchObject({
      kind: 'refused',
      canWrite: true,
      isForGood: true,
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
