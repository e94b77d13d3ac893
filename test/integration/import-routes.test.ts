import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Actors, createActors } from '../../server/auth/actors.ts';
import { answerErrors } from '../../server/http/errors.ts';
import { importRoutes } from '../../server/import/routes.ts';
import { createProjects } from '../../server/projects/projects.ts';
import { projectRoutes } from '../../server/projects/routes.ts';
import { importMessage } from '../../shared/protocol/import.ts';
import { project } from '../../shared/protocol/projects.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

describe('POST /api/projects/:id/import', () => {
  let database: TestDatabase;
  let app: FastifyInstance;
  let projectId: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    const { pool } = database;
    await pool.query("INSERT INTO profiles (id, name) VALUES ('ada', 'Ada'), ('vic', 'Vic'), ('out', 'Out')");
    const actors: Actors = createActors({
      pool,
      userOf: async (headers) => headers['x-user']?.toString() ?? null,
    });
    app = Fastify({ bodyLimit: 1024 });
    answerErrors(app);
    const projects = createProjects({ pool, newId: randomUUID });
    await app.register(projectRoutes({ projects, actors }));
    const log = pino({ level: 'silent' });
    await app.register(importRoutes({ pool, actors, log, clock: () => new Date(), newId: randomUUID }));
    projectId = (await projects.create({ userId: 'ada' }, { key: 'PROJ', name: 'Project' })).id;
    await pool.query("INSERT INTO members (project_id, user_id, role) VALUES ($1, 'vic', 'viewer')", [
      projectId,
    ]);
  });
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  const send = (user: string | null, payload: string, contentType = 'application/x-ndjson') =>
    app.inject({
      method: 'POST',
      url: `/api/projects/${projectId}/import`,
      headers: { 'content-type': contentType, ...(user && { 'x-user': user }) },
      payload,
    });

  const messages = (body: string) =>
    body
      .trim()
      .split('\n')
      .map((line) => importMessage.parse(JSON.parse(line)));

  test.each(['application/x-ndjson', 'application/json', 'text/plain', 'application/octet-stream'])(
    'a body over the JSON limit sent as %s is imported, with progress and a report',
    async (contentType) => {
      const lines = Array.from({ length: 200 }, (_, number) =>
        JSON.stringify({ number, title: `Ticket ${number}` }),
      );
      const answer = await send('ada', ['not json', ...lines].join('\r\n'), contentType);
      expect(answer.statusCode).toBe(200);
      const said = messages(answer.body);
      expect(said.filter((message) => message.type === 'progress').length).toBeGreaterThan(1);
      expect(said.at(-1)).toMatchObject({
        type: 'report',
        imported: 200,
        refused: 1,
        rejected: [{ line: 1 }],
      });
    },
  );

  test('an empty file is a report of nothing', async () => {
    const answer = await send('ada', '');
    expect(messages(answer.body).at(-1)).toMatchObject({ type: 'report', imported: 0, refused: 0 });
  });

  test('what stops an import half-way is its last line', async () => {
    await database.pool.query('ALTER TABLE comments ADD CHECK (body <> $$boom$$)');
    const line = { title: 'x', comments: [{ author: 'a', created_at: 1, body: 'boom' }] };
    expect(messages((await send('ada', JSON.stringify(line))).body)).toMatchObject([
      { type: 'error', code: 'import_stopped' },
    ]);
  });

  test.each([
    [null, 401],
    ['vic', 403],
    ['out', 403],
  ])('C18: %s is answered %i and imports nothing', async (user, status) => {
    const answer = await send(user, JSON.stringify({ title: 'x' }));
    expect(answer.statusCode).toBe(status);
    const { rows } = await database.pool.query('SELECT 1 FROM tickets');
    expect(rows).toHaveLength(0);
  });

  test('other routes still read JSON, within their own limit', async () => {
    const headers = { 'x-user': 'out' };
    const payload = { key: 'mine', name: 'Mine' };
    const made = await app.inject({ method: 'POST', url: '/api/projects', headers, payload });
    expect(project.parse(made.json())).toMatchObject({ key: 'MINE', role: 'admin' });
  });
});
