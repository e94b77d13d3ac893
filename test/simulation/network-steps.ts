import { policyChoices } from '../../shared/conflict/policy.ts';
import { ROLES } from '../../shared/permissions/can.ts';
import { FIELD_NAMES } from '../../shared/tickets/fields.ts';
import { compact, typeWords } from './descriptions.ts';
import { downloadTo, FATES, replicaOf, syncDescription, uploadFrom } from './network.ts';
import type { Step } from './step.ts';
import type { Device, World } from './world.ts';

/** What happens between the devices and the server, and to the server. */
export const NETWORK_STEPS: readonly Step[] = [
  { weight: 20, run: uploadSome },
  { weight: 16, run: download },
  { weight: 6, run: goOffline },
  { weight: 7, run: comeBack },
  { weight: 5, run: deliverLate },
  { weight: 3, run: trash },
  { weight: 3, run: restore },
  { weight: 3, run: changePolicy },
  { weight: 2, run: changeRole },
  { weight: 5, run: typeDescription },
  { weight: 5, run: openDescription },
  { weight: 1, run: compactDescription },
  { weight: 2, run: letTimePass },
];

async function uploadSome(world: World, device: Device): Promise<string | null> {
  const waiting = device.queue.waiting().length;
  if (!device.online || waiting === 0) return null;
  const count = 1 + world.random.below(waiting);
  const fate = world.random.chance(0.5) ? 'delivered' : world.random.pick(FATES);
  await uploadFrom(world, device, count, fate);
  return `uploads ${count} of ${waiting}: ${fate}`;
}

async function download(world: World, device: Device): Promise<string | null> {
  if (!device.online) return null;
  const isAnswered = world.random.chance(0.8);
  await downloadTo(world, device, isAnswered);
  return isAnswered ? 'downloads' : 'downloads, without a word on how far the server is';
}

async function goOffline(_world: World, device: Device): Promise<string | null> {
  if (!device.online) return null;
  device.online = false;
  return 'goes offline';
}

async function comeBack(world: World, device: Device): Promise<string | null> {
  if (device.online) return null;
  device.online = true;
  await uploadFrom(world, device, device.queue.waiting().length, world.random.pick(FATES));
  await downloadTo(world, device);
  return 'comes back and sends all it has';
}

async function deliverLate(world: World): Promise<string | null> {
  const [message] = world.late.splice(world.random.below(world.late.length), 1);
  if (!message) return null;
  await message.arrive();
  return `what arrives late: ${message.what}`;
}

async function trash(world: World, device: Device): Promise<string | null> {
  const ticket = world.random.pickAny(device.queue.rows('tickets').filter((row) => row.deleted_at === null));
  if (!device.online || !ticket) return null;
  const done = await world.server.trash(device.userId, String(ticket.id), Number(ticket.revision));
  return `moves “${ticket.title}” to the trash${done ? '' : ', which is refused'}`;
}

async function restore(world: World, device: Device): Promise<string | null> {
  const ticket = world.random.pickAny(device.queue.rows('tickets').filter((row) => row.deleted_at));
  if (!device.online || !ticket) return null;
  const done = await world.server.restore(device.userId, String(ticket.id));
  return `restores “${ticket.title}”${done ? '' : ', which is refused'}`;
}

/** By the first person, who stays an admin. */
async function changePolicy(world: World): Promise<string | null> {
  const field = world.random.pickAny(FIELD_NAMES) ?? 'title';
  const policy = world.random.pickAny(policyChoices(field)) ?? 'review';
  await world.server.choosePolicy(world.userIds[0], field, policy);
  return `the admin chooses ${policy} for ${field}`;
}

async function changeRole(world: World): Promise<string | null> {
  const userId = world.random.pickAny(world.userIds.slice(1));
  if (!userId) return null;
  const role = world.random.chance(0.6) ? 'member' : (world.random.pickAny([...ROLES, null]) ?? null);
  const { activity } = await world.server.tables();
  world.roleChanges.push({ userId, role, fromLine: activity.length });
  await world.server.setRole(userId, role);
  return `${userId} becomes ${role ?? 'nobody'}`;
}

async function typeDescription(world: World, device: Device): Promise<string | null> {
  const ticket = device.queue.rows('tickets')[0];
  const isViewer = device.queue.row('members', device.userId)?.role === 'viewer';
  if (!ticket || isViewer) return null;
  const words = world.nextText('Words');
  typeWords(replicaOf(world, device, String(ticket.id)), words, world.random.below);
  return `types ${words} into the description of “${ticket.title}”`;
}

async function openDescription(world: World, device: Device): Promise<string | null> {
  const ticketId = world.random.pickAny([...device.descriptions.keys(), ...world.descriptions.keys()]);
  if (!device.online || ticketId === undefined) return null;
  const fate = world.random.chance(0.4) ? 'delivered' : world.random.pick(FATES);
  await syncDescription(world, device, ticketId, fate);
  return `opens a description: ${fate}`;
}

async function compactDescription(world: World): Promise<string | null> {
  const description = world.random.pickAny([...world.descriptions.values()]);
  if (!description) return null;
  compact(description);
  return 'the server compacts a description';
}

async function letTimePass(world: World): Promise<string | null> {
  const hours = 1 + world.random.below(100);
  world.clock.advance(hours * 3_600_000);
  return `${hours} hours pass`;
}
