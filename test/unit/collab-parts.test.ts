import pino from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createAcknowledgement } from '../../server/collab/acknowledgement.ts';
import { createCommitQueue, type QueuedCommit } from '../../server/collab/commit-queue.ts';
import { createDocumentThread } from '../../server/collab/document-thread.ts';
import { mergeDescription } from '../../server/collab/merge.ts';
import { createCollabMetrics } from '../../server/collab/metrics.ts';
import { openingFrames } from '../../server/collab/opening.ts';
import { unpackRows } from '../../server/collab/packed-rows.ts';
import type { LogUpdate } from '../../server/collab/store.ts';
import { createTokenBucket } from '../../server/collab/token-bucket.ts';

const log = pino({ level: 'silent' });
const updateOf = (words: string): Uint8Array => {
  const doc = new Y.Doc();
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(words)]);
  doc.getXmlFragment('default').push([paragraph]);
  return Y.encodeStateAsUpdate(doc);
};
const UNREADABLE = new Uint8Array([1, 2, 3, 255, 255]);

describe('the acknowledgement (D2)', () => {
  it('never covers a withheld frame, nor those after it, before a step 2 does', () => {
    const count = createAcknowledgement();
    const frames = [1, 2, 3, 4].map(() => count.next());
    expect(frames).toEqual([1, 2, 3, 4]);
    count.settle(1, false);
    count.withhold(2);
    count.settle(3, false);
    expect(count.acknowledged).toBe(1);
    count.settle(4, true);
    expect(count.acknowledged).toBe(4);
  });

  it('is told at once, but not again within 100 ms, and only what is new', () => {
    const count = createAcknowledgement();
    const store = () => count.settle(count.next(), false);
    expect(count.takeTurn(0)).toBe('nothing');
    store();
    expect(count.takeTurn(0)).toBe('now');
    expect(count.takeTurn(500)).toBe('nothing');
    store();
    expect(count.takeTurn(500)).toBe('now');
    store();
    expect([505, 599, 600, 601].map((at) => count.takeTurn(at))).toEqual([
      'later',
      'later',
      'now',
      'nothing',
    ]);
  });

  it('is not moved by a step 2 that was sent before the withheld frame', () => {
    const count = createAcknowledgement();
    count.next();
    count.withhold(count.next());
    count.settle(1, true);
    expect(count.acknowledged).toBe(1);
    count.settle(count.next(), false);
    expect(count.acknowledged).toBe(1);
  });
});

describe('the commit queue', () => {
  const commit = (words: string, isWanted = true) => ({
    row: { ticketId: 'ticket', update: updateOf(words), authorId: 'ann', meeting: null },
    isWanted,
  });
  function queueWith(
    append: (rows: readonly LogUpdate[]) => Promise<string[]>,
    time = { now: 0, pass: (_ms: number) => {} },
  ) {
    const heard = { committed: 0, failed: 0, gone: 0, batches: 0, pauses: 0 };
    const queue = createCommitQueue<QueuedCommit & { readonly isWanted: boolean }>({
      isWanted: ({ isWanted }) => isWanted,
      append: (rows) => {
        heard.batches += 1;
        return append(rows);
      },
      onCommitted: (commits, gone) => {
        heard.committed += commits.length;
        heard.gone += gone.size;
      },
      onFailed: (commits) => {
        heard.failed += commits.length;
      },
      async pause(ms) {
        heard.pauses += 1;
        time.pass(ms);
      },
      now: () => time.now,
      metrics: createCollabMetrics(new Registry()),
      log,
    });
    return { queue, heard };
  }
  const stored = async () => ['ticket'];

  it('stores what comes in one turn in one batch, and leaves out what nobody wants', async () => {
    const { queue, heard } = queueWith(stored);
    for (const words of ['a', 'b', 'c']) queue.push(commit(words));
    queue.push(commit('unwanted', false));
    await queue.drained();
    expect(heard).toMatchObject({ committed: 3, failed: 0, gone: 0, batches: 1 });
  });

  /** One update every so many milliseconds, until there were `count`; each commit takes what `commitMs` says. */
  async function atRate(everyMs: number, count: number, commitMs: (batch: number) => number) {
    let sent = 0;
    const time = {
      now: 0,
      pass(ms: number) {
        time.now += ms;
        for (; sent < count && sent * everyMs <= time.now; sent += 1) queue.push(commit(`${sent}`));
      },
    };
    const { queue, heard } = queueWith(async () => {
      time.pass(commitMs(heard.batches));
      return stored();
    }, time);
    while (sent < count) {
      time.pass(everyMs);
      await queue.drained();
    }
    return heard;
  }

  it('lets a moment pass between batches while much is written, so that each gathers more', async () => {
    const { committed, batches, pauses } = await atRate(1 / 3, 3_000, () => 1);
    expect(committed).toBe(3_000);
    expect(pauses).toBeGreaterThan(120);
    expect(batches).toBeLessThan(160);
  });

  it('lets an update wait for nobody otherwise, also after a commit that was slow', async () => {
    const { committed, batches, pauses } = await atRate(2, 500, (batch) => (batch === 100 ? 40 : 0.5));
    expect(committed).toBe(500);
    expect(batches).toBeGreaterThan(470);
    expect(pauses).toBeLessThan(3);
  });

  it('tries again after a passing fault', async () => {
    let faults = 2;
    const { queue, heard } = queueWith(async () => {
      faults -= 1;
      if (faults >= 0) throw new Error('connection lost');
      return stored();
    });
    queue.push(commit('a'));
    await queue.drained();
    expect(heard).toMatchObject({ committed: 1, failed: 0, batches: 3 });
  });

  it('gives up aloud, acknowledging nothing, when Postgres stays away (D1)', async () => {
    const { queue, heard } = queueWith(async () => {
      throw new Error('connection refused');
    });
    queue.push(commit('a'));
    await queue.drained();
    expect(heard).toMatchObject({ committed: 0, failed: 1 });
  });

  it('names tickets that no longer exist', async () => {
    const { queue, heard } = queueWith(async () => []);
    queue.push(commit('a'));
    await queue.drained();
    expect(heard.gone).toBe(1);
  });
});

describe('merging', () => {
  it('leaves out what does not apply, and says which', () => {
    const merged = mergeDescription({
      snapshot: null,
      updates: [updateOf('one'), UNREADABLE, updateOf('two')],
    });
    expect(merged.refused).toEqual([1]);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, merged.snapshot);
    expect(doc.getXmlFragment('default').length).toBe(2);
    expect(merged.stateVector).toEqual(Y.encodeStateVector(doc));
  });

  it('happens on a thread of its own, which comes back after it was closed', async () => {
    const thread = createDocumentThread({ log });
    const updates = [updateOf('threaded')];
    expect((await thread.merge(null, packed(updates))).text).toBe('threaded');
    await thread.close();
    expect(await thread.render({ snapshot: null, updates }, 'text')).toBe('threaded');
    await thread.close();
  });

  it('reports a snapshot that cannot be read instead of losing it', async () => {
    const thread = createDocumentThread({ log });
    await expect(thread.merge(UNREADABLE, packed([]))).rejects.toThrow();
    await thread.close();
  });
});

describe('log rows in one piece', () => {
  it('come apart as they were, from the middle of a larger buffer as well', () => {
    const updates = [updateOf('one'), new Uint8Array(), updateOf('three')];
    const inside = Buffer.concat([new Uint8Array([1, 2, 3]), packed(updates), new Uint8Array([4])]).subarray(
      3,
      -1,
    );
    expect(unpackRows(inside).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(unpackRows(inside).map(({ update }) => new Uint8Array(update))).toEqual(updates);
    expect(unpackRows(packed([]))).toEqual([]);
  });
});

/** As Postgres packs rows numbered from 1. */
function packed(updates: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    updates.flatMap((update, at) => {
      const head = Buffer.alloc(12);
      head.writeBigInt64BE(BigInt(at + 1));
      head.writeInt32BE(update.length, 8);
      return [head, update];
    }),
  );
}

describe('opening a description', () => {
  it('keeps nobody out because of a log row that cannot be read', () => {
    const updates = [updateOf('one'), UNREADABLE, updateOf('two')];
    const frames = openingFrames({ snapshot: null, updates }, new Uint8Array([0]));
    expect(frames).toHaveLength(1);
  });
});

describe('the token bucket', () => {
  it('allows a burst, then only what has come back', () => {
    let time = 0;
    const spend = createTokenBucket({ perSecond: 10, burst: 5 }, () => time);
    expect([1, 2, 3, 4, 5, 6].map(() => spend(1))).toEqual([true, true, true, true, true, false]);
    time = 100;
    expect([spend(1), spend(1)]).toEqual([true, false]);
  });
});
