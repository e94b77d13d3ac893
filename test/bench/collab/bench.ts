import type pg from 'pg';
import type { z } from 'zod';
import type { Contestant } from './contestants.ts';
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
  /** As `measure`, with the server's processor time from the moment the load is at full height. */
  measureWithCpu<T>(
    documents: readonly string[],
    details: LoadDetails,
    result: z.ZodType<T>,
  ): Promise<T & { cpuMicros: number }>;
  measure<T>(documents: readonly string[], details: LoadDetails, result: z.ZodType<T>): Promise<T>;
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
      const before = await server.cpu();
      const measured = result.parse(await running.result);
      return { ...measured, cpuMicros: (await server.cpu()) - before };
    },
    measure: async (documents, details, result) => result.parse(await load(documents, details).result),
  };
}

/** Each server in turn, several times over, so that what else the machine does meets all of them. */
export async function inTurns<T>(
  contestants: readonly Contestant[],
  rounds: number,
  measure: (contestant: Contestant) => Promise<T>,
): Promise<Map<Contestant, T[]>> {
  const results = new Map<Contestant, T[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const contestant of order) results.get(contestant)?.push(await measure(contestant));
  }
  return results;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
