import { answerWrite } from '../../client/local-db/conflict-answer.ts';
import { labelIdOf, type TicketChanges } from '../../client/local-db/edits.ts';
import { FIELD_NAMES, type FieldName, type FieldValue, isFieldName } from '../../shared/tickets/fields.ts';
import { PRIORITIES, STATUSES } from '../../shared/tickets/ticket.ts';
import type { Step } from './step.ts';
import type { Row } from './view.ts';
import type { Device, World } from './world.ts';

/** What people do on their devices, online or not. */
export const EDIT_STEPS: readonly Step[] = [
  { weight: 22, run: editField },
  { weight: 5, run: editFields },
  { weight: 6, run: editAndReturn },
  { weight: 4, run: editInAnotherForm },
  { weight: 3, run: createTicket },
  { weight: 4, run: writeSeveralRows },
  { weight: 5, run: addComment },
  { weight: 3, run: changeComment },
  { weight: 1, run: deleteComment },
  { weight: 3, run: createLabel },
  { weight: 3, run: addLabel },
  { weight: 2, run: removeLabel },
  { weight: 8, run: answerConflict },
  { weight: 2, run: readNotice },
  { weight: 3, run: discard },
];

const MAX_TICKETS = 5;

async function editField(world: World, device: Device): Promise<string | null> {
  const ticket = aTicket(world, device);
  if (!ticket) return null;
  const field = aField(world);
  const value = valueFor(world, field);
  await device.edits.editTicket(idOf(ticket), { [field]: value });
  return `sets ${field} of ${nameOf(ticket)} to ${value}`;
}

async function editFields(world: World, device: Device): Promise<string | null> {
  const ticket = aTicket(world, device);
  if (!ticket) return null;
  const fields = [aField(world), aField(world), aField(world)];
  const changes: TicketChanges = Object.fromEntries(fields.map((field) => [field, valueFor(world, field)]));
  await device.edits.editTicket(idOf(ticket), changes);
  return `sets ${JSON.stringify(changes)} of ${nameOf(ticket)}`;
}

/** A→B→C→A (C2). */
async function editAndReturn(world: World, device: Device): Promise<string | null> {
  const ticket = aTicket(world, device);
  if (!ticket) return null;
  const field = aField(world);
  const values = [valueFor(world, field), valueFor(world, field), ticket[field] ?? null];
  for (const value of values) await device.edits.editTicket(idOf(ticket), { [field]: value });
  return `sets ${field} of ${nameOf(ticket)} to ${values.join(', then ')}`;
}

/** As another program writes it (C5). */
async function editInAnotherForm(world: World, device: Device): Promise<string | null> {
  const ticket = aTicket(world, device);
  if (!ticket) return null;
  const values = world.random.pick<Record<string, FieldValue>>([
    { due_on: '2026-3-1' },
    { due_on: '2026-03-02T00:00:00Z' },
    { estimate: '3.0' },
    { title: `  ${ticket.title}  ` },
    { title: '' },
    { status: 'unheard_of' },
  ]);
  device.commit([{ kind: 'update', table: 'tickets', id: idOf(ticket), values }]);
  return `writes ${JSON.stringify(values)} to ${nameOf(ticket)}`;
}

async function createTicket(world: World, device: Device): Promise<string | null> {
  if (device.queue.rows('tickets').length >= MAX_TICKETS) return null;
  const title = world.nextText('Ticket');
  await device.edits.createTicket(world.projectId, { title, status: valueFor(world, 'status') });
  return `creates ${title}`;
}

/** One client transaction over several rows, with something in it that may be refused (C16). */
async function writeSeveralRows(world: World, device: Device): Promise<string | null> {
  const ticket = aTicket(world, device);
  if (!ticket) return null;
  const body = world.nextText('Comment');
  const id = world.random.uuid();
  const status = world.random.chance(0.3) ? 'unheard_of' : valueFor(world, 'status');
  const comment = { project_id: world.projectId, ticket_id: idOf(ticket), author_id: device.userId, body };
  device.commit([
    { kind: 'update', table: 'tickets', id: idOf(ticket), values: { priority: valueFor(world, 'priority') } },
    { kind: 'insert', table: 'comments', id, values: comment },
    { kind: 'update', table: 'tickets', id: idOf(ticket), values: { status } },
  ]);
  return `in one transaction: status ${status} of ${nameOf(ticket)} and ${body}`;
}

async function addComment(world: World, device: Device): Promise<string | null> {
  const ticket = aTicket(world, device);
  if (!ticket) return null;
  const body = world.nextText('Comment');
  await device.edits.addComment({ id: idOf(ticket), project_id: world.projectId }, body);
  return `writes ${body} on ${nameOf(ticket)}`;
}

async function changeComment(world: World, device: Device): Promise<string | null> {
  const comment = world.random.pickAny(device.queue.rows('comments'));
  if (!comment) return null;
  const body = world.nextText('Comment');
  await device.edits.editComment(idOf(comment), body);
  return `changes ${comment.body} to ${body}`;
}

async function deleteComment(world: World, device: Device): Promise<string | null> {
  const comment = world.random.pickAny(device.queue.rows('comments'));
  if (!comment) return null;
  await device.edits.deleteComment(idOf(comment));
  return `deletes ${comment.body}`;
}

async function createLabel(world: World, device: Device): Promise<string | null> {
  const name = world.random.pick(['Bug', 'bug', 'Urgent', 'Trail', 'trail']);
  await device.edits.createLabel(world.projectId, name, world.random.pick(['red', 'blue']));
  return `creates the label ${name}`;
}

async function addLabel(world: World, device: Device): Promise<string | null> {
  const ticket = aTicket(world, device);
  const label = world.random.pickAny(device.queue.rows('labels'));
  if (!ticket) return null;
  // Now and then one that this device does not have yet, or that never was.
  const labelId = label ? idOf(label) : labelIdOf(world.projectId, 'Trail');
  await device.edits.addLabel({ id: idOf(ticket), project_id: world.projectId }, labelId);
  return `adds the label ${label?.name ?? 'Trail'} to ${nameOf(ticket)}`;
}

async function removeLabel(world: World, device: Device): Promise<string | null> {
  const pair = world.random.pickAny(device.queue.rows('ticket_labels'));
  if (!pair) return null;
  await device.edits.removeLabel(String(pair.ticket_id), String(pair.label_id));
  return `takes a label off a ticket`;
}

/** With the current value, the proposed or another one, seeing what the question or the ticket shows (C12). */
async function answerConflict(world: World, device: Device): Promise<string | null> {
  const open = device.queue.rows('conflicts').filter((row) => row.state === 'open');
  const conflict = world.random.pickAny(open);
  const field = String(conflict?.field);
  if (!conflict || !isFieldName(field)) return null;
  const current: FieldValue = JSON.parse(String(conflict.current));
  const ticket = device.queue.row('tickets', String(conflict.ticket_id));
  const decision = {
    value: world.random.pick<FieldValue>([
      current,
      JSON.parse(String(conflict.proposed)),
      valueFor(world, field),
    ]),
    seeing: world.random.chance(0.7) ? current : (ticket?.[field] ?? null),
  };
  const row = {
    id: idOf(conflict),
    resolution: textOrNull(conflict.resolution),
    resolved_seeing: textOrNull(conflict.resolved_seeing),
  };
  device.commit([answerWrite(row, decision)]);
  return `answers a question about ${field} with ${decision.value}, seeing ${decision.seeing}`;
}

async function readNotice(world: World, device: Device): Promise<string | null> {
  const notice = world.random.pickAny(device.queue.rows('notices'));
  if (!notice) return null;
  await device.edits.readNotices([idOf(notice)]);
  return 'reads a notice';
}

/** In the outbox: with what was built on it, unless it may have arrived already. */
async function discard(world: World, device: Device): Promise<string | null> {
  const op = world.random.pickAny(device.queue.waiting().flatMap(({ ops }) => ops));
  if (!op) return null;
  const gone = new Set(device.queue.discard(op.op_id));
  for (const each of world.written) {
    if (each.deviceId === device.id && gone.has(each.op.op_id)) each.discarded = true;
  }
  return gone.size > 0 ? `discards ${[...gone].join(', ')}` : `may not discard ${op.op_id} any more`;
}

function aTicket(world: World, device: Device): Row | undefined {
  const tickets = device.queue.rows('tickets');
  // Mostly the first few, so that edits meet.
  return world.random.chance(0.6) ? tickets[0] : world.random.pickAny(tickets);
}

const aField = (world: World): FieldName => world.random.pickAny(FIELD_NAMES) ?? 'title';

function valueFor(world: World, field: FieldName): FieldValue {
  const { random } = world;
  const values: Readonly<Record<FieldName, () => FieldValue>> = {
    title: () => (random.chance(0.8) ? world.nextText('Title') : 'The usual title'),
    status: () => random.pick(STATUSES),
    priority: () => random.pick(PRIORITIES),
    assignee_id: () => (random.chance(0.2) ? null : random.pick(world.userIds)),
    due_on: () => random.pick(['2026-03-01', '2026-03-02', '2026-03-03', null]),
    estimate: () => random.pick([1, 2, 3, 2.5, null]),
    rank: () => (random.chance(0.7) ? world.nextText('rank') : ''),
  };
  return values[field]();
}

const idOf = (row: Row): string => String(row.id);
const nameOf = (row: Row): string => `“${row.title}”`;
const textOrNull = (value: FieldValue | undefined): string | null =>
  typeof value === 'string' ? value : null;
