import { connect, type LoadClient } from './client.ts';
import type { LoadJob } from './job.ts';
import { createTyping, type Typing } from './typing.ts';
import { readWritings } from './update-head.ts';

/** One of the two who write in a document. */
export interface Writer {
  readonly document: string;
  readonly typing: Typing;
  readonly client: LoadClient;
  /** The clock up to which the other one has seen this one's writing. */
  seenUpto: number;
  /** The number of content frames of which the server has said that they are durable. */
  acknowledged: number;
}

export interface PairEvents {
  /** The other one has seen the update that wrote `clock`. */
  onSeen?(writer: Writer, clock: number): void;
  /** All content frames up to this number are durable. */
  onDurable?(writer: Writer, frames: number): void;
}

/** Connects two writers to each document; both have seen each other's opening when this resolves. */
export async function connectPairs(
  job: Pick<LoadJob, 'url' | 'dialect' | 'documents'>,
  events: PairEvents,
): Promise<Writer[]> {
  const writers = new Map<number, Writer>();
  const all = job.documents.flatMap((document, at) =>
    [0, 1].map((which) => createWriter(job, document, 1000 + at * 2 + which, writers, events)),
  );
  await Promise.all(all.map(({ client }) => client.synced));
  for (const { client, typing } of all) client.sendUpdate(typing.opening);
  await until(() => all.every((writer) => writer.seenUpto >= writer.typing.from));
  return all;
}

function createWriter(
  job: Pick<LoadJob, 'url' | 'dialect'>,
  document: string,
  clientId: number,
  writers: Map<number, Writer>,
  events: PairEvents,
): Writer {
  function see(author: Writer, from: number, to: number): void {
    for (let clock = Math.max(from, author.seenUpto); clock < to; clock += 1) events.onSeen?.(author, clock);
    author.seenUpto = Math.max(author.seenUpto, to);
  }
  const client = connect({
    ...job,
    document,
    onUpdate(update) {
      for (const { client, clock, length } of readWritings(update)) {
        const author = writers.get(client);
        if (author && author !== writer) see(author, clock, clock + length);
      }
    },
    onDurable(frames) {
      writer.acknowledged = frames;
      events.onDurable?.(writer, frames);
    },
  });
  const writer: Writer = {
    document,
    client,
    typing: createTyping(clientId),
    seenUpto: 0,
    acknowledged: 0,
  };
  writers.set(clientId, writer);
  return writer;
}

const LIMIT_MS = 20_000;

/** Looks every few milliseconds; gives up after 20 s, so that a server that loses updates ends the wait. */
export async function until(isTrue: () => boolean): Promise<boolean> {
  const from = performance.now();
  while (!isTrue()) {
    if (performance.now() - from > LIMIT_MS) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}
