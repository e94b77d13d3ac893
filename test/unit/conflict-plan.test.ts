import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TicketRow } from '../../server/tickets/rows.ts';
import { type ParsedTransaction, parseUpload } from '../../server/upload/parse.ts';
import { type Plan, planUpload } from '../../server/upload/plan.ts';
import type { Snapshot } from '../../server/upload/store.ts';
import { FIELD_NAMES, type FieldName, type FieldValue } from '../../shared/tickets/fields.ts';

const PROJECT = '00000000-0000-4000-8000-000000000001';
const TICKETS = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const NOW = '2026-03-01T00:00:00.000Z';

/** Values in normal form; an unreadable title and status are among them. */
const WRITTEN: Readonly<Record<FieldName, readonly FieldValue[]>> = {
  title: ['A', 'B', 'C', ''],
  status: ['todo', 'in_progress', 'done', 'cancelled', 'nonsense'],
  priority: ['none', 'low', 'high', 'urgent'],
  assignee_id: ['ann', 'bob', 'stranger', null],
  due_on: ['2026-01-02', '2026-01-03', null],
  estimate: [1, 2, null],
  rank: ['', 'a', 'b'],
};
const START: Record<FieldName, FieldValue> = {
  title: 'A',
  status: 'todo',
  priority: 'low',
  assignee_id: null,
  due_on: null,
  estimate: null,
  rank: '',
};

interface Write {
  readonly ticket: string;
  readonly field: FieldName;
  readonly value: FieldValue;
}

const write: fc.Arbitrary<Write> = fc.constantFrom(...FIELD_NAMES).chain((field) =>
  fc.record({
    ticket: fc.constantFrom(...TICKETS),
    field: fc.constant(field),
    value: fc.constantFrom(...WRITTEN[field]),
  }),
);

/** What a colleague did meanwhile, what a device queued, and how its queue is cut into transactions. */
const scenario = fc.record({
  meanwhile: fc.array(write, { maxLength: 6 }),
  queued: fc.array(fc.array(write, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
  inTrash: fc.boolean(),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

const isStorable = ({ value }: Write): boolean => value !== 'nonsense' && value !== 'stranger';

function snapshotAfter({ meanwhile, inTrash }: Scenario): Snapshot {
  const tickets = TICKETS.map((id, index): TicketRow => {
    const values = { ...START };
    for (const change of meanwhile) {
      const isEmptyTitle = change.field === 'title' && change.value === '';
      if (change.ticket === id && isStorable(change) && !isEmptyTitle) values[change.field] = change.value;
    }
    return {
      id,
      project_id: PROJECT,
      number: index + 1,
      revision: 1,
      created_by: 'bob',
      updated_at: NOW,
      deleted_at: inTrash && index === 0 ? NOW : null,
      values,
    };
  });
  return {
    tickets,
    roles: new Map([[PROJECT, 'member']]),
    members: new Map([[PROJECT, new Set(['ann', 'bob'])]]),
    names: new Map(),
    policies: new Map(),
    valueAuthors: new Map(),
    lastNumbers: new Map(),
    comments: [],
    labels: [],
    ticketLabels: [],
    conflicts: [],
    notices: [],
    descriptionReviews: [],
  };
}

/** Queues writes as PowerSync does: `old` is what stood on the device. */
function queueOf(transactions: readonly (readonly Write[])[]): readonly ParsedTransaction[] {
  const local = new Map(TICKETS.map((id) => [id, { ...START }]));
  let opId = 0;
  const queued = transactions.map((writes) => ({
    ops: writes.map(({ ticket, field, value }) => {
      const row = local.get(ticket) ?? { ...START };
      const old = { [field]: row[field] };
      row[field] = value;
      opId += 1;
      return { op_id: opId, op: 'PATCH', type: 'tickets', id: ticket, data: { [field]: value }, old };
    }),
  }));
  const reading = parseUpload({ device_id: 'device', transactions: queued });
  if (!reading.ok) throw new Error(reading.reason);
  return reading.upload.transactions;
}

function plan(snapshot: Snapshot, transactions: readonly ParsedTransaction[]): Plan {
  let ids = 0;
  return planUpload(transactions, {
    actor: { userId: 'ann', name: 'Ann', roles: snapshot.roles },
    deviceId: 'device',
    now: NOW,
    newId: () => `conflict-${++ids}`,
    snapshot,
    answered: new Map(),
    unstorable: new Set(),
  });
}

function valuesAfter(snapshot: Snapshot, { changes }: Plan): Map<string, TicketRow['values']> {
  return new Map([...snapshot.tickets, ...changes.tickets.updated].map((row) => [row.id, row.values]));
}

test('C14: every op gets exactly one outcome, and the same upload is always decided alike', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const queue = queueOf(given.queued);
      const first = plan(snapshotAfter(given), queue);
      const opIds = queue.flat().map(({ opId }) => opId);
      expect(first.outcomes.map((outcome) => outcome.op_id).sort((a, b) => a - b)).toEqual(opIds);
      expect(plan(snapshotAfter(given), queue)).toEqual(first);
    }),
  );
});

test('I2: every value written is in a field, in the activity, in a conflict, or rejected', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const snapshot = snapshotAfter(given);
      const result = plan(snapshot, queueOf(given.queued));
      const outcomes = new Map(result.outcomes.map((outcome) => [outcome.op_id, outcome.outcome]));
      const values = valuesAfter(snapshot, result);
      const writes = given.queued.flat();
      const refused = writes.filter((_, index) => outcomes.get(index + 1) === 'rejected');
      writes.forEach(({ ticket, field, value }) => {
        const isRejected = refused.some(
          (each) => each.ticket === ticket && each.field === field && each.value === value,
        );
        const isInField = values.get(ticket)?.[field] === value;
        const isInActivity = result.changes.activity.some(
          (row) =>
            row.ticket_id === ticket &&
            row.subject === field &&
            (row.after === value || row.before === value),
        );
        // A device that wrote what it had seen before wrote nothing new.
        const wasSeen = START[field] === value;
        expect(isRejected || isInField || isInActivity || wasSeen).toBe(true);
      });
    }),
    { numRuns: 500 },
  );
});

test('C2: folding N edits equals one: only the first old and the last data of a field count', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const snapshot = snapshotAfter(given);
      const accepted = given.queued.filter((writes) =>
        writes.every((each) => isStorable(each) && each.value !== ''),
      );
      const last = new Map(accepted.flat().map((each) => [`${each.ticket} ${each.field}`, each]));
      const many = plan(snapshot, queueOf(accepted));
      const one = plan(snapshot, queueOf([...last.values()].map((each) => [each])));
      expect(valuesAfter(snapshot, many)).toEqual(valuesAfter(snapshot, one));
      const questions = ({ changes }: Plan) =>
        changes.conflicts.inserted
          .map(({ ticket_id, field, base, current, proposed }) => ({
            ticket_id,
            field,
            base,
            current,
            proposed,
          }))
          .sort((a, b) => `${a.ticket_id}${a.field}`.localeCompare(`${b.ticket_id}${b.field}`));
      expect(questions(many)).toEqual(questions(one));
    }),
    { numRuns: 500 },
  );
});

test('C16: a refused transaction leaves what the upload would have come to without it', () => {
  fc.assert(
    fc.property(scenario, (given) => {
      const snapshot = snapshotAfter(given);
      const whole = plan(snapshot, queueOf(given.queued));
      const broken: Write = { ticket: TICKETS[0] ?? '', field: 'title', value: '' };
      const withRefused = plan(snapshot, [
        ...queueOf(given.queued),
        ...queueOf([[broken]]).map((ops) => renumber(ops)),
      ]);
      expect(valuesAfter(snapshot, withRefused)).toEqual(valuesAfter(snapshot, whole));
      expect(withRefused.changes.activity).toEqual(whole.changes.activity);
    }),
  );
});

const renumber = (ops: ParsedTransaction): ParsedTransaction =>
  ops.map((op) => (op.ok ? { ...op, opId: 1_000, op: { ...op.op, opId: 1_000 } } : { ...op, opId: 1_000 }));
