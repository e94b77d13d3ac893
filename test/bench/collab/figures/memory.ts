import { z } from 'zod';
import { type Bench, type Run, withServer } from '../bench.ts';
import { CONTESTANTS } from '../contestants.ts';
import { typedDocument } from '../documents.ts';
import type { Row } from '../table.ts';

const DOCUMENT_BYTES = 12_500;
const WARM_UP = 100;
/** The allocator gives pages back in its own time. */
const LOOKS_AFTER_LEAVING = 10;

interface Memory {
  readonly emptyBytes: number;
  readonly perDocument: number;
  readonly afterBytes: number;
}

/** What an open document costs, and whether it is given back. */
export async function measureMemory(bench: Bench): Promise<Row[]> {
  const count = bench.isQuick ? 200 : 1_000;
  bench.say(`Memory of ${count} open documents.`);
  const content = typedDocument(DOCUMENT_BYTES);
  const results: Memory[] = [];
  for (const contestant of CONTESTANTS) {
    results.push(
      await withServer(bench, contestant, async (run) => {
        await holdOpen(run, bench, WARM_UP, content, async () => undefined);
        const emptyBytes = await run.server.memory();
        const openBytes = await holdOpen(run, bench, count, content, () => run.server.memory());
        const afterBytes = await memoryAfterLeaving(run, emptyBytes);
        return { emptyBytes, perDocument: (openBytes - emptyBytes) / count / 1024, afterBytes };
      }),
    );
  }
  const condition = `${count} documents of ${(content.length / 1000).toFixed(1)} kB, one client each, after garbage collection`;
  return [perDocumentRow(results, condition), afterRow(results, condition)];
}

async function holdOpen<T>(
  run: Run,
  { pool }: Bench,
  count: number,
  content: Uint8Array,
  look: () => Promise<T>,
): Promise<T> {
  const documents = await run.newDocuments(count);
  await run.contestant.seed(pool, documents, content);
  const brought = run.contestant.keepsDocuments ? '' : Buffer.from(content).toString('base64');
  const load = run.load(documents, { kind: 'hold', content: brought });
  await Promise.race([load.ready, load.result]);
  const seen = await look();
  load.leave();
  z.object({}).parse(await load.result);
  return seen;
}

async function memoryAfterLeaving(run: Run, emptyBytes: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS_AFTER_LEAVING && least > emptyBytes * 1.05; look += 1) {
    least = Math.min(least, await run.server.memory());
  }
  return least;
}

function perDocumentRow(results: readonly Memory[], condition: string): Row {
  const values = results.map(({ perDocument }) => perDocument);
  const [ours = Number.NaN, hocuspocus = Number.NaN] = values;
  return {
    figure: 'resident memory of an open document',
    condition,
    values,
    unit: 'KiB',
    target: '≤ a fifth of Hocuspocus',
    isReached: ours <= hocuspocus / 5,
  };
}

function afterRow(results: readonly Memory[], condition: string): Row {
  const values = results.map(({ afterBytes, emptyBytes }) => (afterBytes / emptyBytes) * 100);
  return {
    figure: 'resident memory after all left, of empty',
    condition: `${condition}; empty: after ${WARM_UP} others were open`,
    values,
    unit: '%',
    target: '≤ 120 %',
    isReached: (values[0] ?? Number.NaN) <= 120,
  };
}
