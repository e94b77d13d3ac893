import type { ActivityRow } from '../../server/tickets/rows.ts';
import type { Op, OpOutcome } from '../../shared/protocol/upload.ts';
import { type FieldValue, isFieldName, normalise } from '../../shared/tickets/fields.ts';
import { answerKey, type MemoryTables } from '../fakes/memory-tables.ts';
import type { World, WrittenOp } from './world.ts';

/**
 * I2: every value a person wrote is in a field, in the activity, in a conflict, or in a rejection that person is
 * shown. Values their author discarded from the outbox are theirs to discard.
 */
export function checkValues(world: World, tables: MemoryTables): string[] {
  const places = placesOf(tables);
  const answers = new Map(world.devices.map((device) => [device.id, device.answers]));
  const shown = refusedValues(world, places);
  return world.written.flatMap((written) => {
    if (written.discarded) return [];
    const outcome = answers.get(written.deviceId)?.get(written.op.op_id);
    const recorded = tables.ledger.get(answerKey(written, written.op.op_id));
    if (!outcome) return [`C14: ${nameOf(written)} was never answered.`];
    if (JSON.stringify(outcome) !== JSON.stringify(recorded)) {
      return [
        `C14: ${nameOf(written)} was answered ${JSON.stringify(outcome)}, but ${JSON.stringify(recorded)} is kept.`,
      ];
    }
    if (outcome.outcome === 'rejected') return refusalProblems(written, outcome, places);
    return lostValues(written, outcome, places, shown);
  });
}

/** What is refused is refused in words, and leaves no trace, alone or with its transaction. */
function refusalProblems(written: WrittenOp, { reason }: OpOutcome, places: Places): string[] {
  const lines = places.lines.get(lineKey(written.userId, written.deviceId, written.op.op_id)) ?? [];
  return [
    ...(reason ? [] : [`C15: ${nameOf(written)} was refused without a word.`]),
    ...lines.map(({ subject }) => `C16: ${nameOf(written)} was refused, and yet took effect on ${subject}.`),
  ];
}

/** A refused value still shows on its device for a moment; who saves it again there has it in the outbox. */
function refusedValues(world: World, places: Places): ReadonlySet<string> {
  const answers = new Map(world.devices.map((device) => [device.id, device.answers]));
  return new Set(
    world.written.flatMap(({ op, userId, deviceId }) =>
      answers.get(deviceId)?.get(op.op_id)?.outcome === 'rejected'
        ? valuesOf(op, places).map(([place, value]) => personalKey(userId, place, value))
        : [],
    ),
  );
}

const personalKey = (userId: string, place: string, value: unknown): string =>
  `${userId}/${place}/${JSON.stringify(value)}`;

function lostValues(
  written: WrittenOp,
  outcome: OpOutcome,
  places: Places,
  shown: ReadonlySet<string>,
): string[] {
  const { op } = written;
  const lines = places.lines.get(lineKey(written.userId, written.deviceId, op.op_id)) ?? [];
  const isLost = ([place, value]: readonly [string, unknown]): boolean =>
    !lines.some((line) => JSON.stringify(line.after) === JSON.stringify(value)) &&
    !places.values.get(place)?.has(JSON.stringify(value)) &&
    !shown.has(personalKey(written.userId, place, value));
  const values = valuesOf(op, places);
  const lost = values
    .filter(isLost)
    .map(
      ([place, value]) =>
        `I2: ${JSON.stringify(value)} in ${place}, by ${nameOf(written)} (${outcome.outcome}), is nowhere.`,
    );
  const isOne = op.type === 'tickets' && op.op === 'PATCH' && values.length === 1;
  const needsLine = outcome.outcome !== 'unchanged' && isOne && lines.length === 0;
  return needsLine ? [...lost, `I2: ${nameOf(written)} (${outcome.outcome}) is not in the activity.`] : lost;
}

/** Where the values of an op belong, in their normal form. */
function valuesOf(op: Op, places: Places): (readonly [place: string, value: unknown])[] {
  const data = Object.entries(op.data ?? {});
  switch (op.type) {
    case 'tickets':
      return data.flatMap(([column, value]) => {
        const normal = isFieldName(column) ? normalise(column, value) : null;
        return normal?.ok ? [[`${op.id}/${column}`, normal.value] as const] : [];
      });
    case 'comments':
      return data.flatMap(([column, value]) =>
        column === 'body' ? [[`comment ${op.id}`, value] as const] : [],
      );
    case 'labels':
      return [['label', String(op.data?.name).toLowerCase()]];
    case 'conflicts': {
      const field = places.fieldsOfConflicts.get(op.id);
      return field ? [[field, JSON.parse(String(op.data?.resolution))]] : [];
    }
    default:
      return [];
  }
}

interface Places {
  /** Every value that is, was or might become one, by where it belongs. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  /** The activity by the op it tells of. */
  readonly lines: ReadonlyMap<string, readonly ActivityRow[]>;
  readonly fieldsOfConflicts: ReadonlyMap<string, string>;
}

function placesOf(tables: MemoryTables): Places {
  const values = new Map<string, Set<string>>();
  const add = (place: string, ...found: readonly unknown[]): void => {
    const held = values.get(place) ?? new Set();
    for (const value of found) held.add(JSON.stringify(value));
    values.set(place, held);
  };
  const lines = new Map<string, ActivityRow[]>();
  for (const line of tables.activity) {
    const key = lineKey(line.actor_id, line.device_id, line.op_id);
    lines.set(key, [...(lines.get(key) ?? []), line]);
    if (line.subject === 'comment') add(`comment ${line.subject_id}`, line.before, line.after);
    else if (line.ticket_id !== null) add(`${line.ticket_id}/${line.subject}`, line.before, line.after);
  }
  for (const { id, values: fields } of tables.tickets.values()) {
    for (const [field, value] of Object.entries(fields)) add(`${id}/${field}`, value);
  }
  for (const label of tables.labels.values()) add('label', label.name.toLowerCase());
  const fieldsOfConflicts = new Map<string, string>();
  for (const conflict of tables.conflicts.values()) {
    const place = `${conflict.ticket_id}/${conflict.field}`;
    const held: FieldValue[] = [conflict.base, conflict.proposed, conflict.resolution];
    add(place, ...held);
    fieldsOfConflicts.set(conflict.id, place);
  }
  for (const line of tables.activity) if (line.action === 'created') addCreated(line, add);
  return { values, lines, fieldsOfConflicts };
}

/** What a new ticket began with. */
function addCreated(line: ActivityRow, add: (place: string, value: unknown) => void): void {
  if (typeof line.after !== 'object' || line.after === null) return;
  for (const [field, value] of Object.entries(line.after)) add(`${line.ticket_id}/${field}`, value);
}

const lineKey = (userId: string, deviceId: string | null, opId: number | null): string =>
  `${userId}/${deviceId}/${opId}`;

const nameOf = ({ op, deviceId }: WrittenOp): string => `op ${op.op_id} of ${deviceId}`;
