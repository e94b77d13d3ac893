import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { z } from 'zod';
import { MESSAGE } from '../../../../shared/protocol/collab.ts';
import { connect, encoded, type LoadClient } from './client.ts';
import { FORGED_NAME, type HostileKind, hostileMessage } from './hostile-frames.ts';
import type { hostileResult, JobOf } from './job.ts';
import { connectPairs, until, type Writer } from './pairs.ts';
import { quantilesOf } from './quantiles.ts';

const FRAMES_EACH = 10;
const HONEST_EVERY_MS = 10;
const PATIENCE_MS = 300;
const PATIENCE_WITH_ANSWERS_MS = 50;

/** Two honest clients type while hostile ones, ten frames each, do what no client would. */
export async function hostile(job: JobOf<'hostile'>): Promise<z.infer<typeof hostileResult>> {
  const [document = ''] = job.documents;
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  const writers = await connectPairs(
    { ...job, documents: [document] },
    {
      onSeen({ typing }, clock) {
        const at = sentAt.get(`${typing.client} ${clock}`);
        if (at !== undefined) latencies.push(performance.now() - at);
      },
    },
  );
  const witness = await createWitness(job, document);
  const victim = writers[0]?.typing.client ?? 0;
  writers[0]?.client.sendRaw(honestAwareness(victim));
  const typing = setInterval(() => {
    for (const writer of writers) {
      sentAt.set(`${writer.typing.client} ${writer.typing.clock}`, performance.now());
      writer.client.sendUpdate(writer.typing.next());
    }
  }, HONEST_EVERY_MS);
  const attacks = await attack(job, document, victim);
  clearInterval(typing);
  await until(() => writers.every(isSeen));
  const honestLost = writers.reduce((sum, writer) => sum + writer.typing.clock - writer.seenUpto, 0);
  return {
    ...attacks,
    honestP99: quantilesOf(latencies).p99,
    honestLost,
    honestClosed: writers.filter(({ client }) => client.closeCode !== null).length,
    isForgedSeen: witness.isForgedSeen(),
    isWhole: await isWhole(job, document, writers),
  };
}

const isSeen = ({ typing, seenUpto }: Writer): boolean => seenUpto >= typing.clock;

/** Somebody who looks on, and would see a forged name. */
async function createWitness(job: JobOf<'hostile'>, document: string) {
  let isForgedSeen = false;
  const onAwareness = (body: Uint8Array) => {
    if (Buffer.from(body).includes(FORGED_NAME)) isForgedSeen = true;
  };
  const client = connect({ ...job, document, onAwareness });
  await client.synced;
  return { isForgedSeen: () => isForgedSeen };
}

/** Whether somebody who comes now gets the honest text and nothing that hangs in the air. */
async function isWhole(
  job: JobOf<'hostile'>,
  document: string,
  writers: readonly Writer[],
): Promise<boolean> {
  const doc = new Y.Doc();
  const client = connect({ ...job, document, onUpdate: (update) => Y.applyUpdate(doc, update) });
  await client.synced;
  client.close();
  const isComplete = writers.every(({ typing }) => Y.getState(doc.store, typing.client) === typing.clock);
  return isComplete && doc.store.pendingStructs === null;
}

async function attack(job: JobOf<'hostile'>, document: string, victim: number) {
  const kinds: HostileKind[] = ['random', 'truncated', 'gap', 'oversize', 'forged'];
  if (job.hasViewers) kinds.push('viewer');
  const count = { sent: 0, connections: 0, closed44: 0, closedOtherwise: 0, answered: 0, ignored: 0 };
  while (count.sent < job.frames) {
    const kind = kinds[count.connections % kinds.length] ?? 'random';
    const user = kind === 'viewer' ? 'vic' : 'bob';
    let answers = 0;
    const onAnswer = () => {
      answers += 1;
    };
    // To somebody who speaks for another, the answer is how the other one really is.
    const onAwareness = (body: Uint8Array) => {
      if (!Buffer.from(body).includes(FORGED_NAME)) onAnswer();
    };
    const client = connect({ ...job, document, user, onAnswer, onAwareness });
    await Promise.race([client.synced, pause(PATIENCE_MS)]);
    answers = 0;
    count.connections += 1;
    for (let frame = 0; frame < FRAMES_EACH; frame += 1) {
      client.sendRaw(hostileMessage(kind, count.sent, victim));
      count.sent += 1;
    }
    const how = await fate(client, kind, () => answers);
    count[how] += 1;
    client.close();
  }
  return count;
}

type Fate = 'closed44' | 'closedOtherwise' | 'answered' | 'ignored';

/** A close, or an answer, or nothing within a while. Of a gap, an answer is a question back. */
async function fate(client: LoadClient, kind: HostileKind, answers: () => number): Promise<Fate> {
  if (kind !== 'gap' && kind !== 'forged')
    await Promise.race([client.closed, pause(PATIENCE_WITH_ANSWERS_MS)]);
  else await pause(20);
  const code = client.closeCode;
  if (code !== null) return code >= 4400 && code < 4500 ? 'closed44' : 'closedOtherwise';
  return answers() > 0 ? 'answered' : 'ignored';
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function honestAwareness(client: number): Uint8Array {
  const body = encoded((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, JSON.stringify({ user: { name: 'Honest', color: '#123456' } }));
  });
  return encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.awareness);
    encoding.writeVarUint8Array(encoder, body);
  });
}
