import * as Y from 'yjs';
import type { z } from 'zod';
import { connect } from './client.ts';
import { sendSteadily } from './fan-out.ts';
import type { crashResult, JobOf, readResult } from './job.ts';
import { connectPairs, type Writer } from './pairs.ts';

const FOR_EVER_MS = 60_000;

/** Writes until every socket is cut; says what the server had shown to others, and what it had acknowledged. */
export async function crash(job: JobOf<'crash'>, ready: () => void): Promise<z.infer<typeof crashResult>> {
  const clocks = new Map<Writer, number[]>();
  const writers = await connectPairs(job, {});
  for (const writer of writers) {
    const opening: number[] = [];
    opening[writer.client.sent] = writer.typing.clock;
    clocks.set(writer, opening);
  }
  ready();
  await sendSteadily(
    writers,
    job.rate,
    FOR_EVER_MS,
    (writer) => {
      const frames = clocks.get(writer);
      if (frames) frames[writer.client.sent + 1] = writer.typing.clock + 1;
      writer.client.sendUpdate(writer.typing.next());
    },
    () => writers.some(({ client }) => client.closeCode === null),
  );
  const by = (clock: (writer: Writer) => number) =>
    Object.fromEntries(
      writers.map((writer) => [keyOf(writer.document, writer.typing.client), clock(writer)]),
    );
  return {
    sent: by(({ typing }) => typing.clock),
    echoed: by(({ seenUpto }) => seenUpto),
    acknowledged: by((writer) => clocks.get(writer)?.[writer.acknowledged] ?? 0),
  };
}

/** Reads documents as somebody would who was not there: how far each client's writing has got. */
export async function read(job: JobOf<'read'>): Promise<z.infer<typeof readResult>> {
  const stored: Record<string, number> = {};
  for (const document of job.documents) {
    const doc = new Y.Doc();
    const client = connect({ ...job, document, onUpdate: (update) => Y.applyUpdate(doc, update) });
    await client.synced;
    for (const [author, clock] of Y.decodeStateVector(Y.encodeStateVector(doc)))
      stored[keyOf(document, author)] = clock;
    client.close();
    await client.closed;
  }
  return { stored };
}

const keyOf = (document: string, client: number): string => `${document} ${client}`;
