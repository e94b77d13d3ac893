import type { z } from 'zod';
import type { JobOf, sustainedResult } from './job.ts';
import { connectPairs, until, type Writer } from './pairs.ts';

/** How many updates a second come through when every client sends its next as soon as the other has seen the last. */
export async function sustained(
  job: JobOf<'sustained'>,
  ready: () => void,
): Promise<z.infer<typeof sustainedResult>> {
  let isRunning = false;
  let seen = 0;
  const send = (writer: Writer) => writer.client.sendUpdate(writer.typing.next());
  const writers = await connectPairs(job, {
    onSeen(writer) {
      if (!isRunning) return;
      seen += 1;
      send(writer);
    },
  });
  isRunning = true;
  for (const writer of writers) send(writer);
  await new Promise((resolve) => setTimeout(resolve, job.warmUpMs));
  ready();
  const before = seen;
  const from = performance.now();
  await new Promise((resolve) => setTimeout(resolve, job.ms));
  isRunning = false;
  const delivered = seen - before;
  // Where the server promises durability, the time it takes to keep the promise counts.
  const isSettled = ({ client, typing, acknowledged, seenUpto }: Writer) =>
    job.isDurable ? acknowledged === client.sent : seenUpto >= typing.clock;
  await until(() => writers.every(isSettled));
  return { perSecond: delivered / ((performance.now() - from) / 1000), updates: delivered };
}
