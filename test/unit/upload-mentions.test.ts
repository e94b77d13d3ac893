import { expect, test } from 'vitest';
import { parseUpload } from '../../server/upload/parse.ts';
import { planUpload } from '../../server/upload/plan.ts';
import type { Snapshot } from '../../server/upload/store.ts';

const PROJECT = '00000000-0000-4000-8000-000000000001';
const TICKET = '00000000-0000-4000-8000-00000000000a';
const COMMENT = '00000000-0000-4000-8000-00000000000c';
const NOW = '2026-03-01T00:00:00.000Z';

function snapshot(body?: string): Snapshot {
  const comment = { id: COMMENT, project_id: PROJECT, ticket_id: TICKET, author_id: 'ann', updated_at: NOW };
  return {
    tickets: [
      {
        id: TICKET,
        project_id: PROJECT,
        number: 1,
        revision: 1,
        created_by: 'bob',
        updated_at: NOW,
        deleted_at: null,
        values: {
          title: 'A',
          status: 'todo',
          priority: 'none',
          assignee_id: null,
          due_on: null,
          estimate: null,
          rank: '',
        },
      },
    ],
    roles: new Map([[PROJECT, 'member']]),
    members: new Map([[PROJECT, new Set(['ann', 'bob', 'cleo'])]]),
    names: new Map(),
    policies: new Map(),
    valueAuthors: new Map(),
    lastNumbers: new Map(),
    comments: body === undefined ? [] : [{ ...comment, body }],
    labels: [],
    ticketLabels: [],
    conflicts: [],
    notices: [],
    descriptionReviews: [],
  };
}

/** What ann's comment makes the server tell. */
function noticesOf(op: 'PUT' | 'PATCH', body: string, before?: string) {
  const data = op === 'PUT' ? { ticket_id: TICKET, body } : { body };
  const old = op === 'PUT' ? undefined : { body: before };
  const ops = [{ op_id: 1, op, type: 'comments', id: COMMENT, data, old }];
  const reading = parseUpload({ device_id: 'device', transactions: [{ ops }] });
  if (!reading.ok) throw new Error(reading.reason);
  const plan = planUpload(reading.upload.transactions, {
    actor: { userId: 'ann', name: 'Ann', roles: new Map([[PROJECT, 'member']]) },
    deviceId: 'device',
    now: NOW,
    newId: () => COMMENT,
    snapshot: snapshot(before),
    answered: new Map(),
    unstorable: new Set(),
  });
  expect(plan.outcomes).toMatchObject([{ outcome: 'applied' }]);
  return plan.changes.newNotices.map(({ user_id, kind, detail }) => ({
    user_id,
    kind,
    excerpt: detail.excerpt,
  }));
}

test('a comment tells each member it mentions once, but not its author and no stranger', () => {
  const body = '@[Bob](person:bob) and @[Bob](person:bob), @[Ann](person:ann), @[Dan](person:dan): look';
  expect(noticesOf('PUT', body)).toEqual([
    { user_id: 'bob', kind: 'mentioned', excerpt: '@Bob and @Bob, @Ann, @Dan: look' },
  ]);
});

test('an edited comment tells only those it did not mention before', () => {
  const before = 'Hi @[Bob](person:bob)';
  expect(
    noticesOf('PATCH', `${before} and @[Cleo](person:cleo)`, before).map(({ user_id }) => user_id),
  ).toEqual(['cleo']);
});
