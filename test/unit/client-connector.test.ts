import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConnector, UploadPostponedError } from '../../client/local-db/connector.ts';
import { dismissAnswers, keepAnswers } from '../../client/local-db/upload/answers.ts';
import { markSent, noteDiscard, readMark } from '../../client/local-db/upload/upload-mark.ts';
import { nextBatch } from '../../client/local-db/upload/upload-queue.ts';
import { uploadRequest } from '../../shared/protocol/upload.ts';
import {
  createTestData,
  NOW,
  openTestDb,
  PROJECT,
  queuedOps,
  type TestLocalDb,
  whyNoSqlite,
} from './client-local-db.ts';

if (whyNoSqlite) process.stderr.write(`${whyNoSqlite}\n`);

interface SentOp {
  readonly op_id: number;
  readonly type?: unknown;
  readonly data?: unknown;
}

type Answer = (transactions: readonly (readonly SentOp[])[]) => Response | Error;

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
const allAnswered =
  (outcome: string, reason: string | null = null): Answer =>
  (transactions) =>
    json(200, { outcomes: transactions.flat().map(({ op_id }) => ({ op_id, outcome, reason })) });

describe.skipIf(whyNoSqlite)('uploading the queue', { timeout: 30_000 }, () => {
  let local: TestLocalDb;
  let signedIn: boolean;
  let requests: (readonly (readonly SentOp[])[])[];
  let senders: (string | undefined)[];
  let reachable: boolean;
  let answer: Answer;

  beforeEach(async () => {
    local = await openTestDb();
    senders = [];
    reachable = true;
    signedIn = true;
    requests = [];
    answer = allAnswered('applied');
  });
  afterEach(() => local.close());

  const connector = () =>
    createConnector({
      now: () => NOW,
      userId: 'ada',
      isSignedIn: () => signedIn,
      onSignedOut: () => {
        signedIn = false;
      },
      isReachable: async () => reachable,
      fetch: async (_url, init) => {
        const body = uploadRequest.parse(JSON.parse(String(init?.body)));
        const transactions = body.transactions.map(({ ops }) => ops);
        requests.push(transactions);
        senders.push(body.user_id);
        const answered = answer(transactions);
        if (answered instanceof Error) throw answered;
        return answered;
      },
    });
  const upload = () => connector().uploadData(local.db);
  const create = async (count: number) => {
    const { edits } = createTestData(local.db);
    for (let n = 0; n < count; n += 1) await edits.createTicket(PROJECT, { title: `t${n}` });
  };
  const outbox = () => local.db.getAll<Record<string, unknown>>('SELECT * FROM outbox ORDER BY op_id');

  it('sends several transactions in one request, in the shape of toJSON, and empties the queue', async () => {
    await create(3);
    const first = (await queuedOps(local.db))[0];
    await upload();
    expect(requests).toHaveLength(1);
    expect(requests[0]).toHaveLength(3);
    const asJson: unknown = JSON.parse(JSON.stringify(first?.toJSON()));
    expect(requests[0]?.[0]?.[0]).toEqual(asJson);
    expect(await queuedOps(local.db)).toEqual([]);
  });

  it('says whose queue it is, and takes another account’s session for none, with nothing lost', async () => {
    await create(1);
    answer = () => json(409, { error: { code: 'other_account', message: 'Somebody else is signed in.' } });
    await expect(upload()).rejects.toThrow('Sign in to send');
    expect(senders).toEqual(['ada']);
    expect(signedIn).toBe(false);
    expect(await queuedOps(local.db)).toHaveLength(1);
    expect((await readMark(local.db)).sentTo).toBe(0);
  });

  it('marks what it hands to the network, so that nobody discards what may have arrived', async () => {
    await create(2);
    answer = () => new TypeError('Failed to fetch');
    await expect(upload()).rejects.toThrow(UploadPostponedError);
    const ops = await queuedOps(local.db);
    expect((await readMark(local.db)).sentTo).toBe(ops[1]?.clientId);
  });

  it('hands nothing to a network on which the server cannot be reached', async () => {
    await create(1);
    reachable = false;
    await expect(upload()).rejects.toThrow('cannot be reached');
    expect(requests).toEqual([]);
    expect((await readMark(local.db)).sentTo).toBe(0);
  });

  it('reads its batch again when something was discarded after it was read', async () => {
    await create(1);
    const before = await readMark(local.db);
    await local.db.writeTransaction((tx) => noteDiscard(tx));
    expect(await markSent(local.db, 7, before)).toBe(false);
    expect(await markSent(local.db, 7, await readMark(local.db))).toBe(true);
  });

  it('keeps plain answers for a while, and those that ask something until they are dismissed', async () => {
    await create(1);
    answer = allAnswered('rejected', 'No.');
    await upload();
    await create(1);
    answer = allAnswered('applied');
    await upload();
    expect((await outbox()).map(({ outcome }) => outcome)).toEqual(['rejected', 'applied']);
    const later = new Date(NOW.getTime() + 8 * 24 * 60 * 60 * 1000);
    await keepAnswers(local.db, [], [], later);
    const left = await outbox();
    expect(left.map(({ outcome }) => outcome)).toEqual(['rejected']);
    await dismissAnswers(local.db, [String(left[0]?.id)]);
    expect(await outbox()).toEqual([]);
  });

  it('keeps a rejection with its content and reason, and lets the ops behind it through (C15)', async () => {
    await create(2);
    answer = (transactions) =>
      json(200, {
        outcomes: transactions.flat().map(({ op_id }, index) => ({
          op_id,
          outcome: index === 0 ? 'rejected' : 'applied',
          reason: index === 0 ? 'Your role in this project is viewer.' : null,
        })),
      });
    await upload();
    expect(await queuedOps(local.db)).toEqual([]);
    const kept = await outbox();
    expect(kept.map(({ outcome }) => outcome)).toEqual(['rejected', 'applied']);
    expect(kept[0]).toMatchObject({
      table_name: 'tickets',
      op: 'PUT',
      outcome: 'rejected',
      reason: 'Your role in this project is viewer.',
      answered_at: NOW.toISOString(),
    });
    expect(String(kept[0]?.data)).toContain('"t0"');
  });

  it('keeps an answer once when it comes twice, as after a crash before the op left the queue (C14)', async () => {
    await create(1);
    const [queued] = await nextBatch(local.db);
    const ops = queued?.ops ?? [];
    const outcomes = ops.map(({ op_id }) => ({ op_id, outcome: 'kept' as const, reason: 'A rule decided.' }));
    await keepAnswers(local.db, ops, outcomes, NOW);
    await keepAnswers(local.db, ops, outcomes, NOW);
    expect(await outbox()).toMatchObject([{ outcome: 'kept', reason: 'A rule decided.' }]);
  });

  it.each([
    ['no network', () => new TypeError('Failed to fetch')],
    ['a passing fault', () => json(503, { error: { code: 'down', message: 'Down' } })],
    ['a proxy’s page', () => new Response('<html>Bad request</html>', { status: 400 })],
    ['an answer that is none', () => json(200, { hello: 'world' })],
    ['an answer that leaves an op out', () => json(200, { outcomes: [] })],
    ['too many requests', () => json(429, { error: { code: 'slow', message: 'Slow down' } })],
  ] satisfies [string, Answer][])('tries again after %s, with nothing lost', async (_name, failing) => {
    await create(2);
    answer = failing;
    await expect(upload()).rejects.toThrow(UploadPostponedError);
    expect(await queuedOps(local.db)).toHaveLength(2);
    expect(await outbox()).toEqual([]);
    answer = allAnswered('applied');
    await upload();
    expect(await queuedOps(local.db)).toEqual([]);
  });

  it('waits for sign-in at 401 and sends nothing meanwhile', async () => {
    await create(1);
    answer = () => json(401, { error: { code: 'signed_out', message: 'Sign in' } });
    await expect(upload()).rejects.toThrow('Sign in to send');
    expect(signedIn).toBe(false);
    await expect(upload()).rejects.toThrow('Sign in to send');
    expect(requests).toHaveLength(1);
    expect(await queuedOps(local.db)).toHaveLength(1);
  });

  it('halves a batch that is too large, and rejects only what is too large by itself', async () => {
    await create(4);
    answer = (transactions) => {
      const hasLarge = JSON.stringify(transactions).includes('"t2"');
      return hasLarge
        ? json(413, { error: { code: 'large', message: '' } })
        : allAnswered('applied')(transactions);
    };
    await upload();
    expect(requests.map((request) => request.length)).toEqual([4, 2, 2, 1, 1]);
    expect(await queuedOps(local.db)).toEqual([]);
    const kept = (await outbox()).filter(({ outcome }) => outcome === 'rejected');
    expect(kept).toHaveLength(1);
    expect(String(kept[0]?.data)).toContain('"t2"');
  });

  it('rejects what the server can never read, and does not stop at it (C15)', async () => {
    await create(2);
    answer = (transactions) =>
      JSON.stringify(transactions).includes('"t0"')
        ? json(400, { error: { code: 'bad', message: 'The body cannot be read.' } })
        : allAnswered('applied')(transactions);
    await upload();
    expect(await queuedOps(local.db)).toEqual([]);
    expect(await outbox()).toMatchObject([
      { outcome: 'rejected', reason: 'The body cannot be read.' },
      { outcome: 'applied' },
    ]);
  });
});

describe('the sync token', () => {
  const credentials = (response: Response, signedIn = true) => {
    let signedOut = 0;
    const connector = createConnector({
      now: () => NOW,
      userId: 'ada',
      isSignedIn: () => signedIn,
      onSignedOut: () => {
        signedOut += 1;
      },
      fetch: async () => response,
    });
    return connector.fetchCredentials().then((answer) => ({ answer, signedOut }));
  };

  it('is what the server issues', async () => {
    const body = { endpoint: 'http://localhost:3000/powersync', token: 'abc', expires_at: NOW.toISOString() };
    expect((await credentials(json(200, body))).answer).toEqual({
      endpoint: body.endpoint,
      token: 'abc',
      expiresAt: NOW,
    });
  });

  it('is none without a session, which the person is told of', async () => {
    expect(await credentials(json(401, {}))).toEqual({ answer: null, signedOut: 1 });
    expect(await credentials(json(200, {}), false)).toEqual({ answer: null, signedOut: 0 });
  });

  it('is asked for again after a fault', async () => {
    await expect(credentials(json(502, {}))).rejects.toThrow('502');
  });
});
