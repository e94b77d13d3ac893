import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ImportRequest, importTickets } from '../../server/import/import-tickets.ts';
import { linesOf } from '../../server/import/lines.ts';
import { documentToText } from '../../shared/description/text.ts';
import { updateToDocument } from '../../shared/description/yjs.ts';
import type { ImportProgress } from '../../shared/protocol/import.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const TICKETS = new URL('../../../shared/data/tickets/tickets.jsonl', import.meta.url);
const SECONDS_ALLOWED = 20;
const NOW = new Date('2026-03-01T10:00:00.000Z');

describe('importing tickets', () => {
  let database: TestDatabase;
  let projectId: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    projectId = await seedProject(database.pool);
  });
  afterEach(() => database.drop());

  const run = (lines: readonly unknown[], more: Partial<ImportRequest> = {}) =>
    importTickets({
      pool: database.pool,
      projectId,
      actor: { userId: 'ada' },
      lines: streamOf(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))),
      onProgress: () => undefined,
      clock: () => NOW,
      newId: randomUUID,
      ...more,
    });

  test('a ticket comes with its fields, dates, labels, comments and a description the editor opens', async () => {
    const report = await run([TICKET]);
    expect(report).toEqual({ lines: 1, imported: 1, skipped: 0, refused: 0, rejected: [] });

    const ticket = await one(database.pool, 'SELECT * FROM tickets');
    expect(ticket).toMatchObject({
      number: 1,
      title: 'Late trains',
      status: 'done',
      priority: 'high',
      due_on: '2026-04-02',
      estimate: 3,
      assignee_id: 'ada',
      created_by: `import:${projectId}/grace`,
      created_at: new Date(1_600_000_000_000),
      updated_at: new Date(1_600_000_100_000),
      description_text: 'Plan\ncount them',
    });
    const description = await one(database.pool, 'SELECT * FROM descriptions');
    expect(documentToText(updateToDocument(bytesOf(description.snapshot)))).toBe('Plan\ncount them');
    // Its past begins with what was imported (D13), by whom it was written.
    const logged = await one(database.pool, 'SELECT * FROM description_updates');
    expect(logged).toMatchObject({ seq: description.upto, author_id: `import:${projectId}/grace` });
    expect(documentToText(updateToDocument(bytesOf(logged.update)))).toBe('Plan\ncount them');
    expect(await one(database.pool, 'SELECT * FROM comments')).toMatchObject({
      author_id: `import:${projectId}/linus`,
      body: 'Seen **twice**',
      created_at: new Date(1_600_000_050_000),
    });
    expect(
      await one(database.pool, 'SELECT name FROM labels l JOIN ticket_labels t ON t.label_id = l.id'),
    ).toEqual({
      name: 'bug',
    });
    expect(await one(database.pool, 'SELECT subject, action, actor_id, rule, outcome FROM activity')).toEqual(
      {
        subject: 'ticket',
        action: 'created',
        actor_id: 'ada',
        rule: 'import',
        outcome: 'applied',
      },
    );
  });

  test('lines that cannot be read are reported with their number and reason, the rest is imported', async () => {
    const report = await run([
      '{"title": "cut',
      TICKET,
      '',
      '[]',
      { title: '  ' },
      { title: 'x', priority: 'huge' },
    ]);
    expect(report).toMatchObject({ lines: 6, imported: 1, refused: 4 });
    expect(report.rejected.map(({ line }) => line)).toEqual([1, 4, 5, 6]);
    expect(report.rejected[0]?.reason).toContain('not JSON');
    expect(report.rejected[1]?.reason).toContain('not a ticket');
    expect(report.rejected[2]?.reason).toContain('a title is needed');
    expect(report.rejected[3]?.reason).toContain('priority');
  });

  test('a body that no editor could hold is refused alone', async () => {
    const report = await run([{ title: 'huge', body: 'a\n'.repeat(200_000) }, TICKET]);
    expect(report).toMatchObject({ imported: 1, skipped: 0, refused: 1, rejected: [{ line: 1 }] });
  });

  test('the same lines again bring nothing twice, with or without a number', async () => {
    const lines = [TICKET, { title: 'No number', body: 'text' }, { id: 'abc', title: 'With an id' }];
    expect(await run(lines)).toMatchObject({ imported: 3, skipped: 0 });
    expect(await run(lines)).toMatchObject({ imported: 0, skipped: 3 });
    expect(await count(database.pool, 'tickets')).toBe(3);
  });

  test('imports at the same time bring nothing twice and give every number once', async () => {
    const lines = Array.from({ length: 150 }, (_, number) => ({
      number,
      title: `Ticket ${number}`,
      labels: ['Same'],
    }));
    const reports = await Promise.all([run(lines), run(lines), run([...lines].reverse())]);
    expect(reports.reduce((sum, report) => sum + report.imported, 0)).toBe(150);
    const numbers = await one(
      database.pool,
      'SELECT count(DISTINCT number)::int AS n, max(number) AS max FROM tickets',
    );
    expect(numbers).toEqual({ n: 150, max: 150 });
    expect(await count(database.pool, 'labels')).toBe(1);
  });

  test('labels that differ in capitals are one label', async () => {
    await run([
      { title: 'a', labels: ['Bug', 'bug '] },
      { title: 'b', labels: ['BUG'] },
    ]);
    expect(await count(database.pool, 'labels')).toBe(1);
    expect(await count(database.pool, 'ticket_labels')).toBe(2);
  });

  test('text that Postgres cannot hold is made storable', async () => {
    const report = await run([
      '{"title":"nul \\u0000 half \\ud800","body":"\\u0000","comments":[{"author":"a\\u0000","created_at":1,"body":"\\udfff"}]}',
    ]);
    expect(report).toMatchObject({ imported: 1, refused: 0 });
  });

  test.skipIf(!existsSync(TICKETS))(
    `516 real tickets in under ${SECONDS_ALLOWED} s (skipped where ../shared/data is missing)`,
    async () => {
      const progress: ImportProgress[] = [];
      const lines = () => linesOf(createReadStream(TICKETS));
      const start = performance.now();
      const report = await run([], { lines: lines(), onProgress: (now) => progress.push(now) });
      const seconds = (performance.now() - start) / 1000;
      expect(report).toEqual({ lines: 516, imported: 516, skipped: 0, refused: 0, rejected: [] });
      expect(await count(database.pool, 'comments')).toBe(924);
      expect(await count(database.pool, 'descriptions')).toBe(488);
      expect(progress.length).toBeGreaterThan(5);
      expect(seconds).toBeLessThan(SECONDS_ALLOWED);
      expect(await run([], { lines: lines() })).toMatchObject({ imported: 0, skipped: 516 });
    },
    60_000,
  );
});

const TICKET = {
  number: 7,
  title: ' Late   trains ',
  open: false,
  created_at: 1_600_000_000_000,
  updated_at: 1_600_000_100_000,
  author: 'grace',
  assignee: 'Ada Admin',
  labels: ['bug'],
  priority: 'high',
  due_on: '2026-4-2',
  estimate: 3,
  body: '# Plan\n\n- [ ] count them',
  comments: [{ author: 'linus', created_at: 1_600_000_050_000, body: 'Seen **twice**' }],
};

async function seedProject(pool: pg.Pool): Promise<string> {
  const id = randomUUID();
  await pool.query("INSERT INTO profiles (id, name) VALUES ('ada', 'Ada Admin')");
  await pool.query("INSERT INTO projects (id, key, name) VALUES ($1, 'PROJ', 'Project')", [id]);
  await pool.query("INSERT INTO members (project_id, user_id, role) VALUES ($1, 'ada', 'admin')", [id]);
  return id;
}

async function* streamOf(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

async function one(pool: pg.Pool, sql: string): Promise<Record<string, unknown>> {
  const { rows } = await pool.query<Record<string, unknown>>(sql);
  expect(rows).toHaveLength(1);
  return rows[0] ?? {};
}

async function count(pool: pg.Pool, table: string): Promise<unknown> {
  return (await one(pool, `SELECT count(*) AS n FROM ${table}`)).n;
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error('not bytes');
}
