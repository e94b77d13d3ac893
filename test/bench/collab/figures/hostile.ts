import type { z } from 'zod';
import { type Bench, withServer } from '../bench.ts';
import { CONTESTANTS, type Contestant, REJOIN } from '../contestants.ts';
import { hostileResult } from '../load/job.ts';
import type { Row } from '../table.ts';

type Hostile = z.infer<typeof hostileResult>;

/** What hostile clients can do to a server and to the honest ones on the same document. */
export async function measureHostile(bench: Bench): Promise<Row[]> {
  const frames = bench.isQuick ? 1_000 : 10_000;
  bench.say(`${frames} hostile frames.`);
  const results: (Hostile | string)[] = [];
  for (const contestant of CONTESTANTS) results.push(await attack(bench, contestant, frames));
  const condition = `${frames} frames, ten a socket: random, truncated, gaps, oversize, forged awareness, viewer's writes (only we have viewers)`;
  const row = (
    figure: string,
    value: (result: Hostile) => string,
    target: string,
    isReached: (ours: Hostile) => boolean,
  ): Row => {
    const [ours] = results;
    return {
      figure,
      condition,
      values: results.map((result) => (typeof result === 'string' ? result : value(result))),
      unit: '',
      target,
      isReached: typeof ours === 'object' && isReached(ours),
    };
  };
  return [
    row(
      'hostile sockets: closed with 44xx / answered / dropped in silence / closed otherwise',
      ({ closed44, answered, ignored, closedOtherwise }) =>
        `${closed44} / ${answered} / ${ignored} / ${closedOtherwise}`,
      'all closed with 44xx or answered',
      ({ ignored, closedOtherwise }) => ignored + closedOtherwise === 0,
    ),
    row(
      'honest clients meanwhile',
      ({ honestP99, honestLost, honestClosed }) =>
        `p99 ${honestP99.toFixed(1)} ms, ${honestLost} lost, ${honestClosed} closed`,
      'none lost, none closed',
      ({ honestLost, honestClosed }) => honestLost === 0 && honestClosed === 0,
    ),
    row(
      'document whole, forged name hidden',
      ({ isWhole, isForgedSeen }) =>
        `${isWhole ? 'whole' : 'damaged'}, ${isForgedSeen ? 'forged name shown' : 'hidden'}`,
      'whole, hidden',
      ({ isWhole, isForgedSeen }) => isWhole && !isForgedSeen,
    ),
  ];
}

async function attack(bench: Bench, contestant: Contestant, frames: number): Promise<Hostile | string> {
  return withServer(bench, contestant, async (run) => {
    const documents = await run.newDocuments(1);
    try {
      return await run.measure(
        documents,
        { kind: 'hostile', frames, hasViewers: contestant === REJOIN },
        hostileResult,
      );
    } catch (error) {
      if (run.server.isAlive) throw error;
      return 'crashed';
    }
  });
}
