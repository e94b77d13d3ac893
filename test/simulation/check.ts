import { readBase } from '../../shared/conflict/fold.ts';
import { can } from '../../shared/permissions/can.ts';
import { isFieldName } from '../../shared/tickets/fields.ts';
import type { MemoryTables } from '../fakes/memory-tables.ts';
import { checkLog } from './check-log.ts';
import { checkValues } from './check-values.ts';
import { blobOf, contentOf, contentOfBlob, wholeLog } from './descriptions.ts';
import { viewOf } from './view.ts';
import type { World } from './world.ts';

/** What does not hold of `shared/conflict/SPEC.md`, in words. Asked after everything has met. */
export async function check(world: World): Promise<string[]> {
  const tables = await world.server.tables();
  return [
    ...checkDevices(world, tables),
    ...checkValues(world, tables),
    ...checkLog(world, tables),
    ...checkConflicts(tables),
    ...checkResolutions(world, tables),
    ...checkDescriptions(world, tables),
  ];
}

/** I1: every device shows what the server has, and nothing waits. */
function checkDevices(world: World, tables: MemoryTables): string[] {
  return world.devices.flatMap((device) => {
    const view = viewOf(tables, world.projectId, device.userId);
    const differing = [...view].filter(
      ([table, rows]) => JSON.stringify(device.queue.rows(table)) !== JSON.stringify([...rows.values()]),
    );
    return differing.map(([table]) => `I1: ${device.id} shows other ${table} than the server has.`);
  });
}

/** C11, C12: an open question shows what stands, asks something, and its author was told. */
function checkConflicts(tables: MemoryTables): string[] {
  const told = new Set(
    [...tables.notices.values()].map(({ user_id, detail }) => `${user_id}/${detail.conflict_id}`),
  );
  return [...tables.conflicts.values()].flatMap((conflict) => {
    const ticket = tables.tickets.get(conflict.ticket_id);
    const current = ticket?.values[conflict.field];
    const problems: string[] = [];
    if (!told.has(`${conflict.author_id}/${conflict.id}`)) problems.push('nobody told its author');
    if (conflict.state === 'open' && conflict.current !== current)
      problems.push(`shows ${conflict.current}, not ${current}`);
    if (conflict.state === 'open' && conflict.proposed === current) problems.push('asks nothing');
    return problems.map((problem) => `C12: question ${conflict.id} about ${conflict.field}: ${problem}.`);
  });
}

/** C12: an answer only takes effect on the value its author saw. */
function checkResolutions(world: World, { activity }: MemoryTables): string[] {
  const seen = new Map<string, string>(
    world.written.flatMap(({ op, deviceId }) =>
      op.type === 'conflicts' ? [[`${deviceId}/${op.op_id}`, String(op.data?.resolved_seeing)] as const] : [],
    ),
  );
  return activity.flatMap(({ subject, action, outcome, device_id, op_id, before, after }) => {
    if (action !== 'resolved' || outcome !== 'applied' || !isFieldName(subject)) return [];
    const raw: unknown = JSON.parse(seen.get(`${device_id}/${op_id}`) ?? 'null');
    const seeing = JSON.stringify(readBase(subject, raw));
    const [stood, chosen] = [JSON.stringify(before), JSON.stringify(after)];
    if (seeing === stood || chosen === stood) return [];
    return [`C12: op ${op_id} of ${device_id} saw ${seeing} and replaced ${stood}.`];
  });
}

/** I5: one document on every replica of those who may write, in the server's blob, and in its whole log. */
function checkDescriptions(world: World, tables: MemoryTables): string[] {
  return [...world.descriptions].flatMap(([ticketId, description]) => {
    const content = contentOfBlob(blobOf(description));
    const replicas = world.devices.flatMap((device) => {
      const doc = device.descriptions.get(ticketId);
      return doc && mayWrite(world, tables, device.userId) ? [[device.id, contentOf(doc)] as const] : [];
    });
    return [...replicas, ['the whole log', contentOfBlob(wholeLog(description))] as const]
      .filter(([, held]) => held !== content)
      .map(([who]) => `I5: the description of ${ticketId} differs between the server and ${who}.`);
  });
}

function mayWrite({ projectId }: World, tables: MemoryTables, userId: string): boolean {
  const role = tables.members.get(projectId)?.get(userId);
  const roles = new Map(role ? [[projectId, role]] : []);
  return can({ userId, name: userId, roles }, 'description.edit', { projectId }).allowed;
}
