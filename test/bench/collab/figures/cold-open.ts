import { fileURLToPath } from 'node:url';
import * as Y from 'yjs';
import { z } from 'zod';
import { type Bench, inTurns, median, withServer } from '../bench.ts';
import { appendLog, type Contestant, HOCUSPOCUS, REJOIN } from '../contestants.ts';
import { updatesOfTrace } from '../documents.ts';
import { openResult } from '../load/job.ts';
import { createTyping } from '../load/typing.ts';
import type { Row } from '../table.ts';

const TRACE = fileURLToPath(
  new URL('../../../../../shared/data/editing-traces/automerge-paper.json.gz', import.meta.url),
);
const STARTS = 7;
/** Long documents that the first client after a start opens, one after another. */
const LONG = 12;
/** The last of them, when the server's code is as fast as it gets. */
const WARM = 5;
const FOLD_LIMIT_MS = 90_000;

/** How long the first client of a long document waits for it. */
export async function measureColdOpen(bench: Bench): Promise<Row[]> {
  const updates = await updatesOfTrace(TRACE);
  if (!updates) {
    bench.say('Skipped the cold open: the recording automerge-paper.json.gz is not beside the repository.');
    return [];
  }
  bench.say(`Cold open of a document of ${updates.length} edits.`);
  const { snapshot, foldMs } = await foldByServer(bench, updates);
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  const stored = new Map([
    [REJOIN, snapshot],
    [HOCUSPOCUS, Y.encodeStateAsUpdate(doc)],
  ]);
  const starts = bench.isQuick ? 1 : STARTS;
  const results = await inTurns([...stored.keys()], starts, (contestant) =>
    openAfterStart(bench, contestant, stored.get(contestant) ?? snapshot),
  );
  const valuesOf = (pick: (opened: Opened) => number) =>
    [...results.values()].map((all) => median(all.map(pick)));
  const edits = updates.length.toLocaleString('en-GB');
  return [
    openRow(
      'cold open, to the first byte of state',
      `${edits} edits; the first long document after the server's start, after one short one; median of ${starts} starts`,
      valuesOf(({ first }) => first),
      '≥ 8 × faster than Hocuspocus',
    ),
    openRow(
      'the same, once the server has opened others',
      `${edits} edits, not in memory; median of the last ${WARM} of ${LONG} documents, then of ${starts} starts`,
      valuesOf(({ warm }) => warm),
      '',
    ),
    {
      figure: 'stored snapshot',
      condition: `${edits} edits; folded by the server from as many log rows in ${(foldMs / 1000).toFixed(1)} s`,
      values: [...[...stored.values()].map((bytes) => bytes.length / 1000), null],
      unit: 'kB',
      target: '≤ 300 kB',
      isReached: snapshot.length <= 300_000,
    },
  ];
}

function openRow(figure: string, condition: string, values: readonly number[], target: string): Row {
  const [ours = Number.NaN, theirs = Number.NaN] = values;
  const isReached = target === '' ? null : ours * 8 <= theirs;
  return { figure, condition, values: [...values, null], unit: 'ms', target, isReached };
}

interface Opened {
  readonly first: number;
  readonly warm: number;
}

/** A short document goes first, so that neither the client's own start nor that of HTTP is measured. */
async function openAfterStart(bench: Bench, contestant: Contestant, whole: Uint8Array): Promise<Opened> {
  const [short = '', ...long] = await contestant.createDocuments(bench.pool, 1 + LONG);
  await contestant.seed(bench.pool, [short], createTyping(79).opening);
  await contestant.seed(bench.pool, long, whole);
  return withServer(bench, contestant, async (run) => {
    const { firstByteMs } = await run.measure([short, ...long], { kind: 'open' }, openResult);
    return { first: firstByteMs[1] ?? Number.NaN, warm: median(firstByteMs.slice(-WARM)) };
  });
}

/** The log as it was typed, folded by the server itself: it folds what it finds unfolded when it starts. */
async function foldByServer(bench: Bench, updates: readonly Uint8Array[]) {
  const [typed = ''] = await REJOIN.createDocuments(bench.pool, 1);
  await appendLog(bench.pool, typed, updates);
  return withServer(bench, REJOIN, async () => {
    const from = performance.now();
    return { snapshot: await foldedSnapshot(bench, typed), foldMs: performance.now() - from };
  });
}

async function foldedSnapshot({ pool }: Bench, ticketId: string): Promise<Uint8Array> {
  const row = z.object({ snapshot: z.instanceof(Uint8Array<ArrayBufferLike>) });
  for (const from = performance.now(); performance.now() - from < FOLD_LIMIT_MS; ) {
    const { rows } = await pool.query('SELECT snapshot FROM descriptions WHERE id = $1', [ticketId]);
    const found = row.optional().parse(rows[0]);
    if (found) return found.snapshot;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The server did not fold the long document.');
}
