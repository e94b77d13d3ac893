import type pg from 'pg';
import type { z } from 'zod';
import type { Contestant } from './contestants.ts';
import { readProcessorTime, stolenShare } from './host.ts';
import type { LoadJob } from './load/job.ts';
import { type Load, type ServerProcess, startLoad, startServer } from './processes.ts';

/** What each figure is measured with. */
export interface Bench {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly say: (line: string) => void;
  readonly isQuick: boolean;
  /** How often each server has its turn in the figures about speed. */
  readonly rounds: number;
}

/** One server, for one measurement. */
export interface Run {
  readonly contestant: Contestant;
  readonly server: ServerProcess;
  newDocuments(count: number): Promise<string[]>;
  load(documents: readonly string[], details: LoadDetails): Load;
  /** As `measure`, with what the processors did from the moment the load is at full height. */
  measureWithCpu<T>(
    documents: readonly string[],
    details: LoadDetails,
    result: z.ZodType<T>,
  ): Promise<T & ProcessorUse>;
  measure<T>(documents: readonly string[], details: LoadDetails, result: z.ZodType<T>): Promise<T>;
}

export interface ProcessorUse {
  /** Of the server, all its threads together. */
  readonly cpuMicros: number;
  /** The part of all processors' time, from 0 to 1, that the host gave to others; null where nobody counts it. */
  readonly stolen: number | null;
}

type WithoutTarget<J> = J extends LoadJob ? Omit<J, 'url' | 'dialect' | 'documents' | 'isDurable'> : never;
export type LoadDetails = WithoutTarget<LoadJob>;

/** Starts a server, measures, and ends it. */
export async function withServer<T>(
  bench: Bench,
  contestant: Contestant,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const server = await startServer(contestant.script, contestant.path, bench.url);
  try {
    return await work(createRun(bench, contestant, server));
  } finally {
    await server.kill();
  }
}

export function createRun({ pool }: Bench, contestant: Contestant, server: ServerProcess): Run {
  const { dialect, isDurable } = contestant;
  const load: Run['load'] = (documents, details) =>
    startLoad({ ...details, url: server.url, dialect, isDurable, documents: [...documents] });
  return {
    contestant,
    server,
    newDocuments: (count) => contestant.createDocuments(pool, count),
    load,
    async measureWithCpu(documents, details, result) {
      const running = load(documents, details);
      await Promise.race([running.ready, running.result]);
      const [cpu, time] = await Promise.all([server.cpu(), readProcessorTime()]);
      const measured = result.parse(await running.result);
      const stolen = stolenShare(time, await readProcessorTime());
      return { ...measured, cpuMicros: (await server.cpu()) - cpu, stolen };
    },
    measure: async (documents, details, result) => result.parse(await load(documents, details).result),
  };
}

/** Each server in turn, several times over, so that what else the machine does meets all of them. */
export const inTurns = <T>(
  contestants: readonly Contestant[],
  rounds: number,
  measure: (contestant: Contestant) => Promise<T>,
): Promise<Map<Contestant, T[]>> => takeTurns(contestants, measure, (all) => all.length >= rounds);

/** 20 ms a second of each processor. The slowest letters still wait for it, but the median hardly (docs/benchmarks/collab.md). */
const QUIET = 0.02;
const MOST_ROUNDS = 2;

/**
 * The same on a machine that shares its processors with others, whose work must not decide which server is faster:
 * the turns go on until each has had `rounds` quiet ones, or twice as many in all. See {@link quietest}.
 */
export const inQuietTurns = <T extends ProcessorUse>(
  contestants: readonly Contestant[],
  rounds: number,
  measure: (contestant: Contestant) => Promise<T>,
): Promise<Map<Contestant, T[]>> =>
  takeTurns(
    contestants,
    measure,
    (all) =>
      all.length >= rounds * MOST_ROUNDS || all.filter((each) => stolenOf(each) <= QUIET).length >= rounds,
  );

/** Of each server its `rounds` quietest turns, whatever was measured in them. */
export const quietest = <T extends ProcessorUse>(
  results: ReadonlyMap<Contestant, readonly T[]>,
  rounds: number,
): Map<Contestant, T[]> =>
  new Map(
    [...results].map(([contestant, all]) => [
      contestant,
      [...all].sort((a, b) => stolenOf(a) - stolenOf(b)).slice(0, rounds),
    ]),
  );

/** Where nobody counts it, all turns are alike. */
const stolenOf = ({ stolen }: ProcessorUse): number => stolen ?? 0;

async function takeTurns<T>(
  contestants: readonly Contestant[],
  measure: (contestant: Contestant) => Promise<T>,
  isEnough: (results: readonly T[]) => boolean,
): Promise<Map<Contestant, T[]>> {
  const results = new Map<Contestant, T[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; ![...results.values()].every(isEnough); round += 1) {
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const contestant of order) results.get(contestant)?.push(await measure(contestant));
  }
  return results;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
