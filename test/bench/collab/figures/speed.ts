import type { z } from 'zod';
import {
  type Bench,
  inQuietTurns,
  inTurns,
  median,
  type ProcessorUse,
  quietest,
  withServer,
} from '../bench.ts';
import { CONTESTANTS, type Contestant } from '../contestants.ts';
import { fanOutResult, type Quantiles, sustainedResult } from '../load/job.ts';
import type { Row } from '../table.ts';

const DOCUMENTS = 100;
/**
 * A server runs for weeks: nobody's compiler should still be at work when it is measured, at the low rate either. The
 * first ping and pong make V8 throw away what it had compiled for taking frames apart. Ours come after 15 s, so
 * there are some seconds left after them; theirs, after 30 and 60 s, come when the measurement is over.
 */
const WARM_UP = { rate: 3_000, ms: 20_000 };
type FanOut = z.infer<typeof fanOutResult> & ProcessorUse;
type Quantile = keyof Quantiles;
const QUANTILES: readonly Quantile[] = ['p50', 'p95', 'p99'];

/** How fast an update is with the others, and durable, at a steady rate. */
export async function measureFanOut(bench: Bench, rate: number): Promise<Row[]> {
  bench.say(`Fan-out at ${rate} updates a second.`);
  const load = {
    kind: 'fanOut',
    warmUpRate: WARM_UP.rate,
    warmUpMs: bench.isQuick ? 1_500 : WARM_UP.ms,
    rate,
    ms: bench.isQuick ? 1_500 : 5_000,
  } as const;
  const all = await inQuietTurns(CONTESTANTS, bench.rounds, (contestant) =>
    withServer(bench, contestant, async (run) => {
      const documents = await run.newDocuments(DOCUMENTS);
      return run.measureWithCpu(documents, load, fanOutResult);
    }),
  );
  const results = quietest(all, bench.rounds);
  const typing = `${DOCUMENTS} documents × 2 clients, ${rate}/s after ${load.warmUpMs / 1000} s of ${WARM_UP.rate}/s`;
  const condition = `${typing}, median of the ${bench.rounds} quietest rounds`;
  const rows = QUANTILES.map((quantile) => peerRow(results, quantile, rate, condition));
  return [
    ...rows,
    ...durableRows(results, rate, condition),
    lossRow(all, rate, `${typing}, all rounds together`),
    cpuRow(results, rate, condition),
    stolenRow(results, rate, condition),
  ];
}

function peerRow(
  results: ReadonlyMap<Contestant, FanOut[]>,
  quantile: Quantile,
  rate: number,
  condition: string,
): Row {
  const values = [...results.values()].map((all) => median(all.map(({ toPeer }) => toPeer[quantile])));
  const [ours = Number.NaN, , inMemory = Number.NaN] = values;
  return {
    figure: `to the other client at ${rate}/s, ${quantile}`,
    condition: `${condition}; ours becomes durable as well`,
    values,
    unit: 'ms',
    target: '≤ in memory',
    isReached: ours <= inMemory,
  };
}

const DURABLE_TARGETS: Partial<Record<Quantile, number>> = { p50: 2, p99: 15 };

function durableRows(results: ReadonlyMap<Contestant, FanOut[]>, rate: number, condition: string): Row[] {
  return QUANTILES.map((quantile): Row => {
    const values = [...results.values()].map((all) => {
      const times = all.flatMap(({ durable }) => (durable ? [durable[quantile]] : []));
      return times.length > 0 ? median(times) : null;
    });
    const limit = rate === 500 ? DURABLE_TARGETS[quantile] : undefined;
    return {
      figure: `durable acknowledgement at ${rate}/s, ${quantile}`,
      condition,
      values,
      unit: 'ms',
      target: limit === undefined ? '' : `< ${limit} ms on a quiet disk`,
      isReached: limit === undefined ? null : (values[0] ?? Number.NaN) < limit,
    };
  });
}

function cpuRow(results: ReadonlyMap<Contestant, FanOut[]>, rate: number, condition: string): Row {
  const values = [...results.values()].map((all) =>
    median(all.map(({ cpuMicros, sent }) => cpuMicros / sent)),
  );
  return {
    figure: `server's processor time for an update at ${rate}/s`,
    condition: `${condition}; all its threads, without Postgres`,
    values,
    unit: 'µs',
    target: '',
    isReached: null,
  };
}

function stolenRow(results: ReadonlyMap<Contestant, FanOut[]>, rate: number, condition: string): Row {
  return {
    figure: `all processors' time that the host gave to others at ${rate}/s`,
    condition,
    values: [...results.values()].map((all) => {
      const shares = all.flatMap(({ stolen }) => (stolen === null ? [] : [stolen * 100]));
      return shares.length > 0 ? median(shares) : null;
    }),
    unit: '%',
    target: '',
    isReached: null,
  };
}

function lossRow(results: ReadonlyMap<Contestant, FanOut[]>, rate: number, condition: string): Row {
  const values = [...results.values()].map((all) =>
    all.reduce((sum, { sent, delivered }) => sum + sent - delivered, 0),
  );
  return {
    figure: `updates that never arrived at ${rate}/s`,
    condition,
    values,
    unit: '',
    target: '0',
    isReached: values[0] === 0,
  };
}

/** How many updates a second come through. */
export async function measureSustained(bench: Bench): Promise<Row[]> {
  bench.say('Sustained updates a second.');
  const load = {
    kind: 'sustained',
    warmUpMs: bench.isQuick ? 1_500 : 4_000,
    ms: bench.isQuick ? 1_500 : 5_000,
  } as const;
  const results = await inTurns(CONTESTANTS, bench.rounds, (contestant) =>
    withServer(bench, contestant, async (run) => {
      const documents = await run.newDocuments(DOCUMENTS);
      return run.measureWithCpu(documents, load, sustainedResult);
    }),
  );
  const values = [...results.values()].map((all) => median(all.map(({ perSecond }) => perSecond)));
  const [ours = 0, hocuspocus = Number.NaN, inMemory = Number.NaN] = values;
  return [
    {
      figure: 'sustained updates a second',
      condition: `${DOCUMENTS} documents × 2 clients, one update of each on its way; ours until all is durable`,
      values,
      unit: '/s',
      target: '≥ 1.2 × Hocuspocus, ≥ in memory',
      isReached: ours >= 1.2 * hocuspocus && ours >= inMemory,
    },
  ];
}
