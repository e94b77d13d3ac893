import { check } from './check.ts';
import { EDIT_STEPS } from './edit-steps.ts';
import { createMemoryBackend } from './memory-backend.ts';
import { NETWORK_STEPS } from './network-steps.ts';
import { untilQuiet } from './quiet.ts';
import { createRandom, type Random } from './random.ts';
import { type Backend, createSimulatedServer } from './server.ts';
import type { Step } from './step.ts';
import { type Clock, createDevice, type Device, type World, type WrittenOp } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly steps: number;
  /** By default the seed chooses 3 to 5. */
  readonly clients?: number;
  readonly backend?: (options: BackendOptions) => Promise<Backend> | Backend;
}

export interface BackendOptions {
  readonly projectId: string;
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface SimulationResult {
  /** What did not hold, in words; empty when all did. */
  readonly problems: readonly string[];
  /** What happened, step by step. */
  readonly story: readonly string[];
  /** How every op was answered, in the order they were written: the same in every store. */
  readonly outcomes: readonly string[];
}

/** Runs one seed: so many steps, each on some device, with pauses in which everything meets and is checked. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const story: string[] = [];
  const world = await createWorld(options);
  const problems = await tryOut(async () => {
    for (let number = 1; number <= options.steps; number += 1) {
      story.push(`${number}. ${await takeStep(world)}`);
      if (world.random.chance(MEETING_SHARE)) {
        story.push('   everything meets');
        const found = await meet(world);
        if (found.length > 0) return found;
      }
    }
    return meet(world);
  });
  const outcomes = world.written.map(({ op, deviceId }) => {
    const answer = world.devices.find(({ id }) => id === deviceId)?.answers.get(op.op_id);
    return `${deviceId} ${op.op_id} ${op.type}: ${answer?.outcome ?? 'no answer'}`;
  });
  for (const device of world.devices) for (const doc of device.descriptions.values()) doc.destroy();
  return { problems, story, outcomes };
}

const MEETING_SHARE = 0.03;
const ATTEMPTS_AT_A_STEP = 12;

async function meet(world: World): Promise<string[]> {
  await untilQuiet(world);
  return check(world);
}

/** What throws is a problem like any other: it is told with its seed, and made as short. */
async function tryOut(run: () => Promise<string[]>): Promise<string[]> {
  try {
    return await run();
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

async function takeStep(world: World): Promise<string> {
  world.clock.advance(1_000);
  for (let attempt = 0; attempt < ATTEMPTS_AT_A_STEP; attempt += 1) {
    const device = world.random.pick(world.devices);
    const done = await aStep(world.random).run(world, device);
    if (done !== null) return `${device.id}: ${done}`;
  }
  return 'nothing happens';
}

const STEPS: readonly Step[] = [...EDIT_STEPS, ...NETWORK_STEPS];
const TOTAL_WEIGHT = STEPS.reduce((sum, { weight }) => sum + weight, 0);

function aStep(random: Random): Step {
  let left = random.below(TOTAL_WEIGHT);
  for (const step of STEPS) {
    left -= step.weight;
    if (left < 0) return step;
  }
  throw new Error('The weights of the steps do not add up.');
}

async function createWorld({
  seed,
  clients,
  backend = createMemoryBackend,
}: SimulationOptions): Promise<World> {
  const random = createRandom(seed);
  const clock = createClock();
  const projectId = random.uuid();
  const newId = random.uuid;
  const server = createSimulatedServer({
    backend: await backend({ projectId, now: clock.now, newId: createRandom(-1 - seed).uuid }),
    now: clock.now,
    newId,
  });
  const count = clients ?? 3 + random.below(3);
  const written: WrittenOp[] = [];
  // Fewer people than devices: somebody has two.
  const [first, ...others] = Array.from({ length: count - 1 }, (_, index) => `${PEOPLE[index]}-${projectId}`);
  if (first === undefined) throw new Error('A simulation needs two clients or more.');
  const people: [string, ...string[]] = [first, ...others];
  const device = (index: number): Device => {
    const skew = (random.below(3) - 1) * random.below(YEAR_MS);
    const now = () => new Date(clock.now().getTime() + skew);
    return createDevice({
      id: `device ${index + 1}`,
      userId: people[index % people.length] ?? first,
      newId,
      now,
      written,
    });
  };
  const devices: [Device, ...Device[]] = [
    device(0),
    ...Array.from({ length: count - 1 }, (_, index) => device(index + 1)),
  ];
  for (const userId of people) await server.addPerson(userId, userId === first ? 'admin' : 'member');
  const world: World = {
    random,
    clock,
    projectId,
    server,
    userIds: people,
    devices,
    late: [],
    descriptions: new Map(),
    written,
    roleChanges: people.map((userId) => ({
      userId,
      role: userId === first ? 'admin' : 'member',
      fromLine: 0,
    })),
    nextText: createNumbering(),
  };
  await begin(world);
  return world;
}

/** Two tickets that everybody has. */
async function begin(world: World): Promise<void> {
  for (const title of ['First', 'Second']) {
    await world.devices[0].edits.createTicket(world.projectId, { title });
  }
  await untilQuiet(world);
}

const PEOPLE = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus'];
const YEAR_MS = 365 * 24 * 3_600_000;

function createClock(): Clock {
  let time = Date.UTC(2026, 2, 1);
  return {
    now: () => new Date(time),
    advance(ms) {
      time += ms;
    },
  };
}

function createNumbering(): (of: string) => string {
  let last = 0;
  return (of) => {
    last += 1;
    return `${of} ${last}`;
  };
}
