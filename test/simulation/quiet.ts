import { downloadTo, syncDescription, uploadFrom } from './network.ts';
import type { Device, World } from './world.ts';

/** Requests that one device may need to empty its queue; more means that something holds it up (C15). */
const MAX_REQUESTS = 100;

/**
 * Lets everything meet: the late arrives or is lost for good, all devices come online, send what they have and take
 * what there is. After this the invariants hold.
 */
export async function untilQuiet(world: World): Promise<void> {
  for (const message of world.late.splice(0)) if (world.random.chance(0.7)) await message.arrive();
  const devices = world.random.shuffled(world.devices);
  for (const device of devices) {
    device.online = true;
    await emptyQueue(world, device);
  }
  for (const device of devices) await downloadTo(world, device);
  // Twice: the first round collects everybody's words, the second brings them to everybody.
  for (let round = 0; round < 2; round += 1) {
    for (const device of devices) await openAll(world, device);
  }
}

async function emptyQueue(world: World, device: Device): Promise<void> {
  for (let requests = 0; device.queue.waiting().length > 0; requests += 1) {
    if (requests === MAX_REQUESTS) throw new Error(`C15: the queue of ${device.id} does not empty.`);
    await uploadFrom(world, device, 1 + world.random.below(device.queue.waiting().length), 'delivered');
  }
}

async function openAll(world: World, device: Device): Promise<void> {
  for (const ticketId of new Set([...device.descriptions.keys(), ...world.descriptions.keys()])) {
    await syncDescription(world, device, ticketId, 'delivered');
  }
}
