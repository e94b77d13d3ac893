import os from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';

export const USAGE = `npm run simulate -- [options]
  --seed N       the first seed (default 1)
  --runs K       how many seeds, one after the other (default 100)
  --steps S      steps of each (default 100)
  --clients C    devices of each, 2 to 7 (default: 3 to 5, as the seed says)
  --store NAME   memory (default) or postgres, which starts one of its own
  --workers W    processors to use (default: all; one with postgres)`;

const whole = z.coerce.number().int();
const options = z.object({
  seed: whole.min(0).default(1),
  runs: whole.min(1).default(100),
  steps: whole.min(0).default(100),
  clients: whole.min(2).max(7).optional(),
  store: z.enum(['memory', 'postgres']).default('memory'),
  workers: whole.min(1).max(64).default(os.availableParallelism()),
});
export type Options = z.infer<typeof options>;

/** Reads the command line, or throws a sentence. */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const names = { seed: text, runs: text, steps: text, clients: text, store: text, workers: text };
  const { values } = parseArgs({ args: [...args], options: names });
  const parsed = options.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`--${issue?.path.join('.')}: ${issue?.message}`);
}
