import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProjects, type Projects } from '../../server/projects/projects.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const ADA = { userId: 'ada' };

describe('members of a project', () => {
  let database: TestDatabase;
  let projects: Projects;
  let projectId: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    await database.pool.query(
      `INSERT INTO "user" (id, name, email, "emailVerified")
       VALUES ('ada', 'Ada', 'ada@example.test', true), ('bob', 'Bob', 'Bob@example.test', true)`,
    );
    projects = createProjects({ pool: database.pool, newId: randomUUID });
    projectId = (await projects.create(ADA, { key: 'PROJ', name: 'Project' })).id;
  });
  afterEach(() => database.drop());

  const roles = async () =>
    Object.fromEntries((await projects.members(projectId)).map((member) => [member.user_id, member.role]));

  test('whoever makes a project is its admin and sees it in the list', async () => {
    expect(await projects.listOf('ada')).toEqual([
      { id: projectId, key: 'PROJ', name: 'Project', role: 'admin' },
    ]);
    expect(await projects.listOf('bob')).toEqual([]);
  });

  test('a new name is everybody’s, and in the activity; the same name is no change', async () => {
    await projects.rename(ADA, projectId, 'Harbour');
    await projects.rename(ADA, projectId, 'Harbour');
    expect(await projects.listOf('ada')).toMatchObject([{ key: 'PROJ', name: 'Harbour' }]);
    const { rows } = await database.pool.query(
      `SELECT action, before, after, actor_id FROM activity WHERE subject = 'project'`,
    );
    expect(rows).toEqual([{ action: 'changed', before: 'Project', after: 'Harbour', actor_id: 'ada' }]);
  });

  test('a key belongs to one project', async () => {
    await expect(projects.create(ADA, { key: 'PROJ', name: 'Other' })).rejects.toMatchObject({
      status: 409,
      code: 'key_taken',
    });
  });

  test('somebody is added by e-mail, whatever its capitals, and the project learns the name', async () => {
    await projects.addByEmail(ADA, projectId, 'bob@EXAMPLE.test', 'viewer');
    expect(await roles()).toEqual({ ada: 'admin', bob: 'viewer' });
    const { rows } = await database.pool.query("SELECT project_ids FROM profiles WHERE id = 'bob'");
    expect(rows).toEqual([{ project_ids: [projectId] }]);
  });

  test('somebody unknown, or a member already, cannot be added', async () => {
    await expect(projects.addByEmail(ADA, projectId, 'no@example.test', 'member')).rejects.toMatchObject({
      status: 404,
      code: 'no_account',
    });
    await expect(projects.addByEmail(ADA, projectId, 'ada@example.test', 'viewer')).rejects.toMatchObject({
      status: 409,
      code: 'already_member',
    });
    expect(await roles()).toEqual({ ada: 'admin' });
  });

  test('who has left is still named beside what they wrote', async () => {
    await projects.addByEmail(ADA, projectId, 'bob@example.test', 'member');
    await projects.change(ADA, projectId, 'bob', null);
    expect(await roles()).toEqual({ ada: 'admin' });
    const { rows } = await database.pool.query("SELECT project_ids FROM profiles WHERE id = 'bob'");
    expect(rows).toEqual([{ project_ids: [projectId] }]);
  });

  test('the last admin can neither leave nor become less', async () => {
    for (const role of [null, 'member'] as const) {
      await expect(projects.change(ADA, projectId, 'ada', role)).rejects.toMatchObject({
        code: 'last_admin',
      });
    }
  });

  test('of two admins who leave at the same time, one stays', async () => {
    await projects.addByEmail(ADA, projectId, 'bob@example.test', 'admin');
    const left = await Promise.allSettled(
      ['ada', 'bob'].map((id) => projects.change(ADA, projectId, id, null)),
    );
    expect(left.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(Object.values(await roles())).toEqual(['admin']);
  });

  test('every change of the membership is in the activity', async () => {
    await projects.addByEmail(ADA, projectId, 'bob@example.test', 'viewer');
    await projects.change(ADA, projectId, 'bob', 'member');
    await projects.change(ADA, projectId, 'bob', 'member');
    await projects.change(ADA, projectId, 'bob', null);
    const { rows } = await database.pool.query(
      `SELECT action, before, after, actor_id FROM activity WHERE subject_id = 'bob' ORDER BY created_at`,
    );
    expect(rows).toEqual([
      { action: 'added', before: null, after: 'viewer', actor_id: 'ada' },
      { action: 'changed', before: 'viewer', after: 'member', actor_id: 'ada' },
      { action: 'removed', before: 'member', after: null, actor_id: 'ada' },
    ]);
  });
});
