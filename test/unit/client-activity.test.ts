import type { CommonPowerSyncDatabase } from '@powersync/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActivityCursor,
  type ActivityEntry,
  type ActivityFilter,
  type ActivityRange,
  activityEntry,
  activityQuery,
} from '../../client/local-db/activity-query.ts';
import { openTestDb, PROJECT, receiveTicket, type TestLocalDb, whyNoSqlite } from './client-local-db.ts';

if (whyNoSqlite) process.stderr.write(`${whyNoSqlite}\n`);

const TICKET = '6a0cbb7e-41f5-4a34-bd0e-9f1f3c9d1d11';

describe.skipIf(whyNoSqlite)('the activity feed', { timeout: 30_000 }, () => {
  let local: TestLocalDb;

  beforeEach(async () => {
    local = await openTestDb();
    await receiveTicket(local.db, TICKET, { title: 'New', number: 7 });
  });
  afterEach(() => local.close());

  const read = async (range: Partial<ActivityRange> = {}, filter: ActivityFilter = {}) => {
    const { sql, params } = activityQuery({ projectId: PROJECT }, filter, { limit: 100, ...range });
    return activityEntry.array().parse(await local.db.getAll(sql, [...params]));
  };

  it('is cut into pages by place, also where several changes have one time', async () => {
    for (const number of [1, 2, 3, 4, 5])
      await receive(local.db, `a${number}`, { created_at: minute(number < 4 ? 1 : 2) });
    const first = await read({ limit: 3 });
    const rest = await read({ after: end(first) });
    expect([ids(first), ids(rest)]).toEqual([
      ['a5', 'a4', 'a3'],
      ['a2', 'a1'],
    ]);
  });

  it('takes what happens meanwhile into its first page and moves nothing to another', async () => {
    for (const number of [1, 2, 3, 4]) await receive(local.db, `a${number}`, { created_at: minute(number) });
    const cut = end(await read({ limit: 2 }));
    await receive(local.db, 'a5', { created_at: minute(5) });
    expect(ids(await read({ until: cut, limit: 2 }))).toEqual(['a5', 'a4', 'a3']);
    expect(ids(await read({ after: cut }))).toEqual(['a2', 'a1']);
  });

  it('shows one person’s changes, or one kind', async () => {
    await receive(local.db, 'title', {});
    await receive(local.db, 'kept', { subject: 'status', outcome: 'kept', actor_id: 'priya' });
    await receive(local.db, 'policy', { subject: 'policy', ticket_id: null });
    await receive(local.db, 'elsewhere', { project_id: 'another' });
    expect(ids(await read({}, { actorId: 'priya' }))).toEqual(['kept']);
    expect(ids(await read({}, { kind: 'met' }))).toEqual(['kept']);
    expect(ids(await read({}, { kind: 'project' }))).toEqual(['policy']);
    expect(ids(await read({}, { kind: 'fields' }))).toEqual(['title', 'kept']);
  });

  it('knows the ticket of a change, and what stands in the field now', async () => {
    await receive(local.db, 'a1', { before: '"Old"', after: '"New"' });
    expect((await read())[0]).toMatchObject({ ticket_number: 7, ticket_title: 'New', standing: 'New' });
  });

  it('reads an index, not the whole log', async () => {
    const { sql, params } = activityQuery({ projectId: PROJECT }, {}, { limit: 50 });
    const plan = JSON.stringify(await local.db.getAll(`EXPLAIN QUERY PLAN ${sql}`, [...params]));
    expect(plan).toContain('activity__by_project');
  });
});

async function receive(
  db: CommonPowerSyncDatabase,
  id: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const row = {
    project_id: PROJECT,
    ticket_id: TICKET,
    subject: 'title',
    action: 'changed',
    actor_id: 'ada',
    outcome: 'applied',
    created_at: minute(0),
    ...values,
  };
  await db.execute('INSERT INTO ps_data__activity (id, data) VALUES (?, ?)', [id, JSON.stringify(row)]);
}

const minute = (number: number): string => `2026-03-01T10:0${number}:00.000Z`;
const ids = (entries: readonly ActivityEntry[]): string[] => entries.map((entry) => entry.id);

function end(entries: readonly ActivityEntry[]): ActivityCursor | undefined {
  const last = entries.at(-1);
  return last && { createdAt: last.created_at, id: last.id };
}
