import * as Y from 'yjs';
import { can } from '../../shared/permissions/can.ts';
import { uploadResponse } from '../../shared/protocol/upload.ts';
import { blobOf, newDescription, newReplica } from './descriptions.ts';
import type { DeviceTransaction } from './device-queue.ts';
import { ServerDied } from './server.ts';
import { viewOf } from './view.ts';
import type { Device, World } from './world.ts';

/** What becomes of a request on its way, and of its reply. */
export const FATES = [
  'delivered',
  'request lost',
  'reply lost',
  'delivered twice',
  'late',
  'deadlock',
  'server dies',
] as const;
export type Fate = (typeof FATES)[number];

/** Sends the oldest transactions of a device's queue, and takes them out of it once they are answered. */
export async function uploadFrom(world: World, device: Device, count: number, fate: Fate): Promise<void> {
  const batch = device.queue.waiting().slice(0, count);
  if (batch.length === 0) return;
  const body = JSON.stringify({
    device_id: device.id,
    user_id: device.userId,
    transactions: batch.map(({ txId, ops }) => ({ tx_id: txId, ops })),
  });
  device.queue.handOver(Math.max(...batch.flatMap(({ ops }) => ops.map((op) => op.op_id))));
  const arrive = () => world.server.upload(device.userId, body, 'none');
  switch (fate) {
    case 'delivered':
      return takeReply(device, batch, await arrive());
    case 'request lost':
      return;
    case 'reply lost':
      await arrive();
      return;
    case 'delivered twice':
      return takeReply(device, batch, await sameTwice(arrive));
    case 'late':
      world.late.push({ what: `an upload of ${device.id}`, arrive: async () => void (await arrive()) });
      return;
    case 'deadlock':
      return takeReply(device, batch, await world.server.upload(device.userId, body, 'deadlock'));
    case 'server dies':
      await world.server.upload(device.userId, body, 'death').catch((error: unknown) => {
        if (!(error instanceof ServerDied)) throw error;
      });
  }
}

/** C14: the same request gets the same answers. */
async function sameTwice(arrive: () => Promise<string>): Promise<string> {
  const first = await arrive();
  const second = await arrive();
  if (first !== second) throw new Error(`C14: one upload was answered ${first}, then ${second}.`);
  return second;
}

function takeReply(device: Device, batch: readonly DeviceTransaction[], reply: string): void {
  const { outcomes } = uploadResponse.parse(JSON.parse(reply));
  const opIds = batch.flatMap(({ ops }) => ops.map((op) => op.op_id));
  const answered = outcomes.map((outcome) => outcome.op_id);
  if (JSON.stringify(answered) !== JSON.stringify(opIds)) {
    throw new Error(`C14: ops ${opIds.join(', ')} were answered as ${answered.join(', ')}.`);
  }
  for (const outcome of outcomes) device.answers.set(outcome.op_id, outcome);
  device.queue.complete(Math.max(...opIds));
}

/** Brings the device what the server holds now; how far that is, the server says when it is asked. */
export async function downloadTo(world: World, device: Device, isAnswered = true): Promise<void> {
  if (isAnswered && device.queue.needsWriteCheckpoint()) device.queue.writeCheckpoint(world.server.version());
  const view = viewOf(await world.server.tables(), world.projectId, device.userId);
  device.queue.receive({ version: world.server.version(), view });
}

/** Opens a description: takes what the server has, and gives it what it lacks. False where it is refused. */
export async function syncDescription(
  world: World,
  device: Device,
  ticketId: string,
  fate: Fate,
): Promise<boolean> {
  if (fate === 'request lost' || fate === 'server dies') return true;
  const tables = await world.server.tables();
  const role = tables.members.get(world.projectId)?.get(device.userId);
  if (!role || !tables.tickets.has(ticketId)) return false;
  const actor = { userId: device.userId, name: device.userId, roles: new Map([[world.projectId, role]]) };
  const onServer = world.descriptions.get(ticketId) ?? newDescription();
  world.descriptions.set(ticketId, onServer);
  const doc = replicaOf(world, device, ticketId);
  const blob = blobOf(onServer);
  const update = Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(blob));
  Y.applyUpdate(doc, blob);
  if (fate === 'reply lost' || update.length <= EMPTY_UPDATE_BYTES) return true;
  if (!can(actor, 'description.edit', { projectId: world.projectId }).allowed) return false;
  const arrive = async () => void onServer.log.push(update);
  if (fate === 'late') world.late.push({ what: `words of ${device.id}`, arrive });
  else await arrive();
  if (fate === 'delivered twice') await arrive();
  return true;
}

const EMPTY_UPDATE_BYTES = 2;

export function replicaOf(world: World, device: Device, ticketId: string): Y.Doc {
  const doc = device.descriptions.get(ticketId) ?? newReplica(world.random.below(2 ** 31));
  device.descriptions.set(ticketId, doc);
  return doc;
}
