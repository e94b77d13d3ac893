import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FieldEdit, fold, isNoEdit, readEdit } from '../../shared/conflict/fold.ts';
import { showValue, verdictOf } from '../../shared/conflict/outcome.ts';
import { policyChoices, policyOf } from '../../shared/conflict/policy.ts';
import { type Meeting, resolve } from '../../shared/conflict/resolve.ts';
import {
  FIELD_NAMES,
  type FieldName,
  type FieldValue,
  fieldOf,
  normalise,
} from '../../shared/tickets/fields.ts';
import { PRIORITIES, STATUSES } from '../../shared/tickets/ticket.ts';

const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

/** Few different values, so that they often meet. */
const VALUES: Record<FieldName, fc.Arbitrary<FieldValue>> = {
  title: fc.constantFrom('A', 'B', 'C', 'D'),
  status: fc.constantFrom(...STATUSES),
  priority: fc.constantFrom(...PRIORITIES),
  assignee_id: fc.constantFrom('ann', 'bob', 'cleo', null),
  due_on: fc.option(fc.oneof(fc.constantFrom('2026-01-02', '2026-01-03'), day)),
  estimate: fc.constantFrom(0, 1, 2.5, null),
  rank: fc.constantFrom('', 'a', 'b'),
};

const meeting: fc.Arbitrary<Meeting & { field: FieldName }> = fc.constantFrom(...FIELD_NAMES).chain((field) =>
  fc.record({
    field: fc.constant(field),
    policy: fc.constantFrom(...policyChoices(field)),
    rule: fc.constant(fieldOf(field).rule),
    base: fc.option(VALUES[field], { nil: undefined, freq: 8 }),
    current: VALUES[field],
    incoming: VALUES[field],
  }),
);

const valueAfter = (met: Meeting): FieldValue => {
  const decision = resolve(met);
  return decision.kind === 'apply' ? decision.value : met.current;
};

describe('resolve, over all fields and policies', () => {
  test('C1: is deterministic and total', () => {
    fc.assert(
      fc.property(meeting, (met) => {
        expect(resolve(met)).toEqual(resolve({ ...met }));
      }),
    );
  });

  test('C1: settling the same edit again on its result changes nothing more', () => {
    fc.assert(
      fc.property(meeting, (met) => {
        const once = valueAfter(met);
        expect(valueAfter({ ...met, current: once })).toBe(once);
      }),
    );
  });

  test('I2: no value vanishes: each is the result, is named by the decision, or was seen by the author', () => {
    fc.assert(
      fc.property(meeting, (met) => {
        const decision = resolve(met);
        const after = valueAfter(met);
        const incomingIsKept =
          after === met.incoming || decision.kind === 'keep' || decision.kind === 'review' || isNoEdit(met);
        const currentIsKept =
          after === met.current ||
          met.base === undefined ||
          met.base === met.current ||
          (decision.kind === 'apply' && decision.overwrites?.value === met.current);
        expect([incomingIsKept, currentIsKept]).toEqual([true, true]);
      }),
    );
  });

  test('C6: an edit of what still stands applies, whatever the policy', () => {
    fc.assert(
      fc.property(meeting, (met) => {
        const decision = resolve({ ...met, base: met.current });
        if (met.incoming === met.current) expect(decision.kind).toBe('unchanged');
        else expect(decision).toEqual({ kind: 'apply', value: met.incoming, overwrites: null });
      }),
    );
  });

  test('C5: equal values never conflict', () => {
    fc.assert(
      fc.property(meeting, (met) => {
        expect(resolve({ ...met, incoming: met.current }).kind).toBe('unchanged');
      }),
    );
  });
});

describe('C5: forms', () => {
  test.each<[FieldName, unknown, unknown]>([
    ['due_on', '2026-1-2', '2026-01-02'],
    ['due_on', '2026-01-02T00:00:00Z', '2026-01-02'],
    ['due_on', '', null],
    ['estimate', '2.50', 2.5],
    ['title', '  Fix   it ', 'Fix it'],
    ['assignee_id', '', null],
  ])('C5: %s %j and %j are one value, not a conflict', (field, one, other) => {
    const edit = readEdit(field, one, 'something else');
    const current = normalise(field, other);
    if (!edit.ok || !current.ok) throw new Error('Both forms should be readable.');
    const met = { ...edit.edit, current: current.value, policy: 'review' as const, rule: undefined };
    expect(resolve(met).kind).toBe('unchanged');
  });

  test('C5: a base that this version cannot read does not refuse the edit', () => {
    expect(readEdit('status', 'todo', 'from_another_version')).toEqual({
      ok: true,
      edit: { base: 'from_another_version', incoming: 'todo' },
    });
  });
});

describe('C2: fold', () => {
  const chain = fc
    .array(VALUES.title, { minLength: 2, maxLength: 8 })
    .map((values) =>
      values.slice(1).map((incoming, index): FieldEdit => ({ base: values[index] ?? null, incoming })),
    );

  const folded = (edits: readonly FieldEdit[]): FieldEdit => {
    const [first, ...rest] = edits;
    if (!first) throw new Error('A chain has at least one edit.');
    return fold([first, ...rest]);
  };

  test('C2: folding N edits equals one, in whatever steps they are folded', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (edits, cut) => {
        const at = 1 + (cut % edits.length);
        const rest = edits.slice(at);
        expect(folded([folded(edits.slice(0, at)), ...rest])).toEqual(folded(edits));
      }),
    );
  });

  test('C2: A→B→C→A is no edit at all, whatever the server holds by now', () => {
    const edit = fold([
      { base: 'A', incoming: 'B' },
      { base: 'B', incoming: 'C' },
      { base: 'C', incoming: 'A' },
    ]);
    expect(resolve({ ...edit, current: 'Z', policy: 'last-write-wins', rule: undefined }).kind).toBe(
      'unchanged',
    );
  });
});

describe('C7: terminal-wins', () => {
  const status = { policy: 'rule', rule: 'terminal-wins' } as const;

  test.each([
    ['keeps done against a stale edit', 'todo', 'done', 'in_progress', 'keep'],
    ['keeps cancelled against a stale edit', 'in_review', 'cancelled', 'backlog', 'keep'],
    ['asks about two different ends', 'todo', 'done', 'cancelled', 'review'],
    ['lets an author who saw it finished reopen it', 'done', 'cancelled', 'todo', 'apply'],
    ['lets an author who saw done reopen it', 'done', 'done', 'todo', 'apply'],
    ['finishes what was moved meanwhile', 'todo', 'in_progress', 'done', 'apply'],
    ['takes the later of two unfinished states', 'todo', 'in_progress', 'in_review', 'apply'],
  ])('C7: %s', (_what, base, current, incoming, kind) => {
    expect(resolve({ ...status, base, current, incoming }).kind).toBe(kind);
  });
});

test('C8: higher-wins lets the more urgent of two concurrent priorities stand', () => {
  const priority = { policy: 'rule', rule: 'higher-wins', base: 'low' } as const;
  expect(resolve({ ...priority, current: 'high', incoming: 'urgent' }).kind).toBe('apply');
  expect(resolve({ ...priority, current: 'urgent', incoming: 'none' })).toEqual({
    kind: 'keep',
    rule: 'higher-wins',
  });
});

test('C10: a project can choose rule only for a field that has one', () => {
  expect(policyChoices('status')).toContain('rule');
  expect(policyChoices('title')).not.toContain('rule');
  expect(policyOf('title', 'rule')).toBe('last-write-wins');
  expect(policyOf('status', 'review')).toBe('review');
  expect(policyOf('status', undefined)).toBe('rule');
});

test('C7: a kept status is explained by the work, not by the machinery', () => {
  const occasion = { field: 'status', current: 'done', currentAuthor: 'Ann', show: showValue } as const;
  expect(verdictOf({ kind: 'keep', rule: 'terminal-wins' }, occasion)).toEqual({
    outcome: 'kept',
    reason: 'Kept done: finished tickets are not reopened by older edits.',
  });
});
