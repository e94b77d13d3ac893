import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('npm run import', () => {
  let database: TestDatabase;
  let directory: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    directory = await mkdtemp(path.join(os.tmpdir(), 'rejoin-import-'));
    await database.pool.query(
      `INSERT INTO "user" (id, name, email, "emailVerified") VALUES ('ada', 'Ada', 'admin@rejoin.test', true)`,
    );
  });
  afterAll(async () => {
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  const fileWith = async (...lines: string[]) => {
    const file = path.join(directory, 'tickets.jsonl');
    await writeFile(file, lines.join('\n'));
    return file;
  };

  const run = (...args: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      const options = { cwd: ROOT, env: { ...process.env, DATABASE_URL: database.url } };
      const command = ['--import', 'tsx', 'server/import/cli.ts', ...args];
      execFile(process.execPath, command, options, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });

  test('makes the project, imports, reports, and brings nothing twice', async () => {
    const file = await fileWith('{"title":"One","number":1}', 'broken', '{"title":"Two","number":2}');
    const first = await run(file, '--project', 'real', '--name', 'Real work');
    expect(first.stderr).toContain('Made the project REAL (Real work).');
    expect(first.stdout).toContain('Imported 2, skipped 0 already there, refused 1.');
    expect(first.stdout).toContain('line 2: This line is not JSON');
    expect(first.code).toBe(0);

    const second = await run(file, '--project', 'REAL');
    expect(second.stdout).toContain('Imported 0, skipped 2 already there, refused 1.');
    const { rows } = await database.pool.query(
      `SELECT t.title, m.role FROM tickets t JOIN projects p ON p.id = t.project_id
       JOIN members m ON m.project_id = p.id WHERE p.key = 'REAL' ORDER BY t.number`,
    );
    expect(rows).toEqual([
      { title: 'One', role: 'admin' },
      { title: 'Two', role: 'admin' },
    ]);
  });

  test('a file of nothing but refused lines ends with 1', async () => {
    const result = await run(await fileWith('x', 'y'), '--project', 'REAL');
    expect(result).toMatchObject({ code: 1 });
    expect(result.stdout).toContain('refused 2');
  });

  test('a missing file, an unknown owner: one sentence and 1', async () => {
    const missing = await run(path.join(directory, 'none.jsonl'), '--project', 'REAL');
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('there is no file');
    const unknown = await run(await fileWith('{}'), '--project', 'REAL', '--owner', 'no@example.test');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('nobody has an account with the address no@example.test');
  });

  test('a wrong command ends with 2 before anything is touched', async () => {
    expect(await run('--projekt', 'REAL')).toMatchObject({ code: 2 });
  });
});
