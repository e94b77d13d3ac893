import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import type { fanOutResult, JobOf } from './job.ts';
import { connectPairs, until, type Writer } from './pairs.ts';
import { quantilesOf } from './quantiles.ts';

/** Until every update of the warm-up has been acknowledged. */
const SETTLE_MS = 500;

/** How long an update takes to the other client, and to the word that it is durable, at a steady rate. */
export async function fanOut(job: JobOf<'fanOut'>, ready: () => void): Promise<z.infer<typeof fanOutResult>> {
  const sentAt = new Map<Writer, { byClock: number[]; byFrame: number[]; acknowledged: number }>();
  const toPeer: number[] = [];
  const durable: number[] = [];
  let isMeasuring = false;

  const writers = await connectPairs(job, {
    onSeen(writer, clock) {
      const at = sentAt.get(writer)?.byClock[clock];
      if (at !== undefined && at >= 0) toPeer.push(performance.now() - at);
    },
    onDurable(writer, frames) {
      const times = sentAt.get(writer);
      if (!times) return;
      for (let frame = times.acknowledged + 1; frame <= frames; frame += 1) {
        const at = times.byFrame[frame];
        if (at !== undefined && at >= 0) durable.push(performance.now() - at);
      }
      times.acknowledged = frames;
    },
  });
  for (const writer of writers) sentAt.set(writer, { byClock: [], byFrame: [], acknowledged: 0 });
  let sent = 0;
  const send = (writer: Writer) => {
    const times = sentAt.get(writer);
    const at = isMeasuring ? performance.now() : -1;
    if (times) times.byClock[writer.typing.clock] = times.byFrame[writer.client.sent + 1] = at;
    if (isMeasuring) sent += 1;
    writer.client.sendUpdate(writer.typing.next());
  };
  await sendSteadily(writers, job.warmUpRate, job.warmUpMs, send);
  await delay(SETTLE_MS);
  isMeasuring = true;
  ready();
  await sendSteadily(writers, job.rate, job.ms, send);
  await until(() => toPeer.length >= sent);
  if (job.isDurable) await until(() => durable.length >= sent);
  return {
    toPeer: quantilesOf(toPeer),
    durable: job.isDurable ? quantilesOf(durable) : null,
    sent,
    delivered: toPeer.length,
  };
}

/** Sends at a rate that does not depend on how fast anything is answered. */
export async function sendSteadily(
  writers: readonly Writer[],
  rate: number,
  ms: number,
  send: (writer: Writer) => void,
  isWanted: () => boolean = () => true,
): Promise<void> {
  const from = performance.now();
  let sent = 0;
  let elapsed = 0;
  while (elapsed < ms && isWanted()) {
    const due = Math.floor((elapsed / 1000) * rate);
    for (; sent < due; sent += 1) {
      const writer = writers[sent % writers.length];
      if (writer) send(writer);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
    elapsed = performance.now() - from;
  }
}
