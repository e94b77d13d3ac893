import { fileURLToPath } from 'node:url';
import * as Y from 'yjs';
import { z } from 'zod';
import { type Bench, median, withServer } from '../bench.ts';
import { appendLog, HOCUSPOCUS, REJOIN } from '../contestants.ts';
import { updatesOfTrace } from '../documents.ts';
import { openResult } from '../load/job.ts';
import type { Row } from '../table.ts';

const TRACE = fileURLToPath(
  new URL('../../../../../shared/data/editing-traces/automerge-paper.json.gz', import.meta.url),
);
const COPIES = 7;
const FOLD_LIMIT_MS = 90_000;

/** How long the first client of a long document waits for it. */
export async function measureColdOpen(bench: Bench): Promise<Row[]> {
  const updates = await updatesOfTrace(TRACE);
  if (!updates) {
    bench.say('Skipped the cold open: the recording automerge-paper.json.gz is not beside the repository.');
    return [];
  }
  bench.say(`Cold open of a document of ${updates.length} edits.`);
  const ours = await measureOurs(bench, updates);
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  const whole = Y.encodeStateAsUpdate(doc);
  const theirs = await withServer(bench, HOCUSPOCUS, async (run) => {
    const documents = await run.newDocuments(COPIES);
    await HOCUSPOCUS.seed(bench.pool, documents, whole);
    return median((await run.measure(documents, { kind: 'open' }, openResult)).firstByteMs);
  });
  const condition = `${updates.length.toLocaleString('en-GB')} edits, not in memory, median of ${COPIES} documents`;
  return [
    {
      figure: 'cold open, to the first byte of state',
      condition,
      values: [ours.openMs, theirs, null],
      unit: 'ms',
      target: '≥ 8 × faster than Hocuspocus',
      isReached: ours.openMs * 8 <= theirs,
    },
    {
      figure: 'stored snapshot',
      condition: `${condition}; folded by the server from ${updates.length.toLocaleString('en-GB')} log rows in ${(ours.foldMs / 1000).toFixed(1)} s`,
      values: [ours.snapshotKb, whole.length / 1000, null],
      unit: 'kB',
      target: '≤ 300 kB',
      isReached: ours.snapshotKb <= 300,
    },
  ];
}

/** The log as it was typed is folded by the server itself; what it stored is then opened under other names. */
async function measureOurs({ pool, ...rest }: Bench, updates: readonly Uint8Array[]) {
  const [typed = ''] = await REJOIN.createDocuments(pool, 1);
  await appendLog(pool, typed, updates);
  const bench = { pool, ...rest };
  return withServer(bench, REJOIN, async (run) => {
    const from = performance.now();
    const snapshot = await foldedSnapshot(bench, typed);
    const foldMs = performance.now() - from;
    const documents = await run.newDocuments(COPIES);
    await REJOIN.seed(pool, documents, snapshot);
    const { firstByteMs } = await run.measure(documents, { kind: 'open' }, openResult);
    return { openMs: median(firstByteMs), foldMs, snapshotKb: snapshot.length / 1000 };
  });
}

/** The server folds what it finds unfolded when it starts. */
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
