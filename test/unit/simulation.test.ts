import { expect, test } from 'vitest';
import { describeFailure, shortestFailing } from '../simulation/shrink.ts';
import { simulate } from '../simulation/simulate.ts';

/** Enough to meet every kind of step many times, in a few seconds; `npm run simulate` runs as many as one likes. */
const SEEDS = 200;
const PER_TEST = 20;
const STEPS = 100;

const groups = Array.from({ length: SEEDS / PER_TEST }, (_, index) => index * PER_TEST);

test.each(groups)(
  'I1, I2, I3, I4, I5: hold after every quiet point of the 20 seeds from %i',
  async (from) => {
    for (let seed = from; seed < from + PER_TEST; seed += 1) {
      const { problems } = await simulate({ seed, steps: STEPS });
      if (problems.length > 0) expect.fail(await storyOf(seed));
    }
  },
  60_000,
);

/** Seeds that once failed, with what they found; each ran 120 steps then. */
test.each([
  [811, 'I2: a refused value that its author saves once more in another form'],
  [2522, 'I2: a discarded value that its author saves once more in another form'],
  [4083, 'I2: a refused date that still shows on its device'],
])('seed %i holds: %s', async (seed) => {
  expect((await simulate({ seed, steps: 120 })).problems).toEqual([]);
});

test('C14: a seed tells the same story twice', async () => {
  const once = await simulate({ seed: 7, steps: STEPS });
  expect(await simulate({ seed: 7, steps: STEPS })).toEqual(once);
  const shorter = await simulate({ seed: 7, steps: STEPS / 2 });
  const common = shorter.story.filter((line) => line.startsWith(`${STEPS / 2}.`));
  expect(once.story).toEqual(expect.arrayContaining(common));
});

async function storyOf(seed: number): Promise<string> {
  const options = { seed, steps: STEPS };
  const shrunk = await shortestFailing(options);
  return shrunk
    ? describeFailure(options, shrunk)
    : `Seed ${seed} failed once, and not when it was run again.`;
}
