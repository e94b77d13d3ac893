import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { describeFailure, shortestFailing } from './shrink.ts';
import { simulate } from './simulate.ts';

/** Runs every so-manyth seed of a range, and tells of each when it is done. */
export const workerTask = z.object({
  from: z.number(),
  to: z.number(),
  stride: z.number(),
  steps: z.number(),
  clients: z.number().optional(),
});
export type WorkerTask = z.infer<typeof workerTask>;

/** `failure`: what a person needs to see of it; null when all held. */
export const seedReport = z.object({ seed: z.number(), ops: z.number(), failure: z.string().nullable() });
export type SeedReport = z.infer<typeof seedReport>;

if (parentPort) {
  const { from, to, stride, ...options } = workerTask.parse(workerData);
  for (let seed = from; seed < to; seed += stride)
    parentPort.postMessage(await runSeed({ ...options, seed }));
}

export async function runSeed(options: Parameters<typeof simulate>[0]): Promise<SeedReport> {
  const { seed } = options;
  const { problems, outcomes } = await simulate(options);
  if (problems.length === 0) return { seed, ops: outcomes.length, failure: null };
  const shrunk = await shortestFailing(options);
  const failure = shrunk
    ? describeFailure(options, shrunk)
    : `Seed ${seed} failed once, and not when it was run again: ${problems.join('\n')}`;
  return { seed, ops: outcomes.length, failure };
}
