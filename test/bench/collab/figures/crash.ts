import { type Bench, createRun } from '../bench.ts';
import { CONTESTANTS, type Contestant } from '../contestants.ts';
import { crashResult, readResult } from '../load/job.ts';
import { startServer } from '../processes.ts';
import type { Row } from '../table.ts';

const DOCUMENTS = 20;
const RATE = 1_000;
/** They promise nothing that a round could break. */
const PEER_ROUNDS = 4;

interface Losses {
  acknowledged: number;
  acknowledgedLost: number;
  echoed: number;
  echoedLost: number;
}

/** What is gone when a server is killed in mid-load and nobody who was there comes back. */
export async function measureCrash(bench: Bench): Promise<Row[]> {
  const rounds = bench.isQuick ? 2 : 20;
  const roundsOf = (contestant: Contestant) =>
    contestant.isDurable ? rounds : Math.min(rounds, PEER_ROUNDS);
  bench.say(`Killing each server ${rounds} times in mid-load.`);
  const results: Losses[] = [];
  for (const contestant of CONTESTANTS)
    results.push(await crashRounds(bench, contestant, roundsOf(contestant)));
  const condition = `${rounds} rounds (${Math.min(rounds, PEER_ROUNDS)} of the others), ${DOCUMENTS} documents × 2 clients at ${RATE}/s, kill -9, read after a new start`;
  return [
    {
      figure: 'acknowledged as durable, then lost',
      condition,
      values: results.map(({ acknowledged, acknowledgedLost }) =>
        acknowledged > 0 ? `${acknowledgedLost} of ${acknowledged}` : null,
      ),
      unit: '',
      target: '0',
      isReached: results[0]?.acknowledgedLost === 0 && results[0].acknowledged > 0,
    },
    {
      figure: 'seen by another, then lost',
      condition,
      values: results.map(({ echoed, echoedLost }) => `${echoedLost} of ${echoed}`),
      unit: '',
      target: '',
      isReached: null,
    },
  ];
}

async function crashRounds(bench: Bench, contestant: Contestant, rounds: number): Promise<Losses> {
  const losses: Losses = { acknowledged: 0, acknowledgedLost: 0, echoed: 0, echoedLost: 0 };
  let server = await startServer(contestant.script, contestant.path, bench.url);
  for (let round = 0; round < rounds; round += 1) {
    const run = createRun(bench, contestant, server);
    const documents = await run.newDocuments(DOCUMENTS);
    const load = run.load(documents, { kind: 'crash', rate: RATE });
    await Promise.race([load.ready, load.result]);
    // At another moment of the work in each round.
    await new Promise((resolve) => setTimeout(resolve, 300 + ((round * 137) % 700)));
    await server.kill();
    const { echoed, acknowledged } = crashResult.parse(await load.result);
    server = await startServer(contestant.script, contestant.path, bench.url);
    const after = createRun(bench, contestant, server);
    const { stored } = await after.measure(documents, { kind: 'read' }, readResult);
    add(losses, 'acknowledged', acknowledged, stored);
    add(losses, 'echoed', echoed, stored);
  }
  await server.kill();
  return losses;
}

function add(
  losses: Losses,
  what: 'acknowledged' | 'echoed',
  seen: Readonly<Record<string, number>>,
  stored: Readonly<Record<string, number>>,
): void {
  for (const [writer, clock] of Object.entries(seen)) {
    losses[what] += clock;
    losses[`${what}Lost`] += Math.max(0, clock - (stored[writer] ?? 0));
  }
}
