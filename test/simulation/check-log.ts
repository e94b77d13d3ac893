import type { ActivityRow } from '../../server/tickets/rows.ts';
import type { Role } from '../../shared/permissions/can.ts';
import { can } from '../../shared/permissions/can.ts';
import { FIELD_NAMES, isFieldName } from '../../shared/tickets/fields.ts';
import type { MemoryTables } from '../fakes/memory-tables.ts';
import type { World } from './world.ts';

/**
 * I3 and I4, by the activity: told again from its first line it gives every row as it stands, so nothing took
 * effect twice or without a word; and each line was written by somebody who had the right at that moment.
 */
export function checkLog(world: World, tables: MemoryTables): string[] {
  const story = retell(tables.activity);
  return [
    ...story.problems,
    ...checkTickets(tables, story),
    ...checkOtherRows(tables, story),
    ...checkOnce(tables),
    ...checkRights(world, tables),
    ...checkNumbers(tables),
  ];
}

interface Story {
  /** By ticket and field, the value the lines lead to. */
  readonly fields: ReadonlyMap<string, string>;
  readonly revisions: ReadonlyMap<string, number>;
  readonly comments: ReadonlyMap<string, unknown>;
  /** Labels on tickets: how often added, less how often removed. */
  readonly pairs: ReadonlyMap<string, number>;
  readonly subjects: ReadonlySet<string>;
  readonly problems: readonly string[];
}

function retell(activity: readonly ActivityRow[]): Story {
  const fields = new Map<string, string>();
  const revisions = new Map<string, number>();
  const comments = new Map<string, unknown>();
  const pairs = new Map<string, number>();
  const subjects = new Set<string>();
  const problems: string[] = [];
  const grow = (id: string) => revisions.set(id, (revisions.get(id) ?? 0) + 1);
  for (const line of activity) {
    const { ticket_id: ticketId, subject, action, before, after, outcome } = line;
    if (line.subject_id !== null) subjects.add(line.subject_id);
    if (ticketId === null || outcome !== 'applied') continue;
    if (subject === 'ticket') {
      grow(ticketId);
      if (action === 'created' && typeof after === 'object' && after !== null) {
        for (const [field, value] of Object.entries(after))
          fields.set(`${ticketId}/${field}`, JSON.stringify(value));
      }
    } else if (isFieldName(subject)) {
      const key = `${ticketId}/${subject}`;
      if (fields.get(key) !== JSON.stringify(before)) {
        problems.push(
          `I3: the activity says ${key} was ${JSON.stringify(before)}, after ${fields.get(key)}.`,
        );
      }
      if (JSON.stringify(before) !== JSON.stringify(after)) grow(ticketId);
      fields.set(key, JSON.stringify(after));
    } else if (subject === 'comment') {
      comments.set(String(line.subject_id), action === 'deleted' ? null : after);
    } else if (subject === 'label') {
      const key = `${ticketId}/${line.subject_id}`;
      pairs.set(key, (pairs.get(key) ?? 0) + (action === 'added' ? 1 : -1));
    }
  }
  return { fields, revisions, comments, pairs, subjects, problems };
}

function checkTickets(tables: MemoryTables, story: Story): string[] {
  return [...tables.tickets.values()].flatMap((ticket) => [
    ...FIELD_NAMES.flatMap((field) => {
      const [stands, told] = [
        JSON.stringify(ticket.values[field]),
        story.fields.get(`${ticket.id}/${field}`),
      ];
      return stands === told
        ? []
        : [`I3: ${field} of ${ticket.id} is ${stands}, the activity leads to ${told}.`];
    }),
    ...(story.revisions.get(ticket.id) === ticket.revision
      ? []
      : [
          `I3: ${ticket.id} has revision ${ticket.revision} after ${story.revisions.get(ticket.id)} changes.`,
        ]),
  ]);
}

/** No row without its line: whatever is in a table was written by an op that is in the log. */
function checkOtherRows(tables: MemoryTables, story: Story): string[] {
  const bodies = new Map([...tables.comments.values()].map((comment) => [comment.id, comment.body]));
  const comments = [...new Set([...bodies.keys(), ...story.comments.keys()])].flatMap((id) =>
    (bodies.get(id) ?? null) === story.comments.get(id)
      ? []
      : [`I3: comment ${id} is not what the activity says.`],
  );
  const pairs = [...new Set([...tables.ticketLabels.keys(), ...story.pairs.keys()])].flatMap((id) =>
    (tables.ticketLabels.has(id) ? 1 : 0) === story.pairs.get(id)
      ? []
      : [`I3: label ${id} is not what the activity says.`],
  );
  const untold = [...tables.labels.keys(), ...tables.conflicts.keys()].filter(
    (id) => !story.subjects.has(id),
  );
  return [
    ...comments,
    ...pairs,
    ...untold.map((id) => `I4: the activity does not know how ${id} came about.`),
  ];
}

/** I3: no op has the same effect in the log a second time, however often it arrived. */
function checkOnce({ activity }: MemoryTables): string[] {
  const seen = new Set<string>();
  return activity.flatMap((line) => {
    if (line.op_id === null) return [];
    const { actor_id, device_id, op_id, ticket_id, subject, subject_id, action, outcome } = line;
    const effect = [actor_id, device_id, op_id, ticket_id, subject, subject_id, action, outcome].join(' ');
    if (seen.has(effect))
      return [`I3: op ${op_id} of ${device_id} took effect twice (${subject} ${action}).`];
    seen.add(effect);
    return [];
  });
}

/** I4, C18. */
function checkRights(world: World, tables: MemoryTables): string[] {
  const authors = new Map(
    tables.activity.flatMap((line) =>
      line.subject === 'comment' && line.action === 'added'
        ? [[line.subject_id, line.actor_id] as const]
        : [],
    ),
  );
  const roles = new Map<string, Role>();
  const changes = [...world.roleChanges];
  return tables.activity.flatMap((line, index) => {
    while (changes[0] && changes[0].fromLine <= index) {
      const change = changes.shift();
      if (change?.role) roles.set(change.userId, change.role);
      else if (change) roles.delete(change.userId);
    }
    const role = roles.get(line.actor_id);
    const actor = { userId: line.actor_id, name: '', roles: new Map(role ? [[world.projectId, role]] : []) };
    const authorId = authors.get(line.subject_id) ?? null;
    const allowed = can(actor, actionOf(line), { projectId: world.projectId, authorId });
    return allowed.allowed
      ? []
      : [`I4: ${line.actor_id}, ${role ?? 'nobody'}, wrote line ${index} (${line.subject} ${line.action}).`];
  });
}

function actionOf({ subject, action }: ActivityRow) {
  if (subject === 'policy') return 'policy.edit';
  if (subject === 'comment') return action === 'added' ? 'comment.create' : 'comment.edit';
  return 'ticket.edit';
}

/** C17: one after the other, none twice. */
function checkNumbers(tables: MemoryTables): string[] {
  const numbers = [...tables.tickets.values()].map((ticket) => ticket.number).sort((a, b) => a - b);
  const expected = numbers.map((_, index) => index + 1);
  return JSON.stringify(numbers) === JSON.stringify(expected)
    ? []
    : [`C17: tickets have the numbers ${numbers.join(', ')}.`];
}
