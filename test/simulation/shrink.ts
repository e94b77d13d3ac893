import { type SimulationOptions, type SimulationResult, simulate } from './simulate.ts';

export interface Shrunk {
  /** The fewest first steps after which something does not hold. */
  readonly steps: number;
  readonly result: SimulationResult;
}

/** A seed takes the same steps however many are asked for, so its prefixes can be tried from the shortest on. */
export async function shortestFailing(options: SimulationOptions): Promise<Shrunk | null> {
  for (let steps = 0; steps <= options.steps; steps += 1) {
    const result = await simulate({ ...options, steps });
    if (result.problems.length > 0) return { steps, result };
  }
  return null;
}

/** What a person needs to see of a failing seed, and to see it again. */
export function describeFailure(options: SimulationOptions, { steps, result }: Shrunk): string {
  const clients = options.clients === undefined ? '' : ` --clients ${options.clients}`;
  return [
    `Seed ${options.seed} fails after ${steps} steps:`,
    ...result.story.map((line) => `  ${line}`),
    ...result.problems.map((problem) => `  ✗ ${problem}`),
    `Again: npm run simulate -- --seed ${options.seed} --steps ${steps}${clients}`,
  ].join('\n');
}
