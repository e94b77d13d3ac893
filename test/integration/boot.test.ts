import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { siblingUrl, withClient } from '../../server/db/databases.ts';
import { freePort } from '../../server/http/free-port.ts';
import { apiError } from '../../shared/protocol/error.ts';
import { whenEnded } from '../support/processes.ts';
import { spawnServer, startServer, type TestServer } from '../support/server.ts';

const NO_CLIENT = { REJOIN_SERVE_CLIENT: '0', REJOIN_DEMO: '0' };
const SECRET = 'a-boot-test-secret-of-32-characters!';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'rejoin-boot-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** A start that must fail: its exit code, and what it said on stderr and stdout. */
async function failedStart(env: Record<string, string>): Promise<{ code: number | null; said: string[] }> {
  const { child, output } = spawnServer({
    ...NO_CLIENT,
    PORT: '0',
    REJOIN_DATA_DIR: path.join(scratch, 'x'),
    ...env,
  });
  const code = await whenEnded(child);
  return { code, said: output.text().trim().split('\n') };
}

/** A server that ends with its test. */
async function started(env: Record<string, string>): Promise<TestServer> {
  const server = await startServer({ env: { ...NO_CLIENT, ...env } });
  onTestFinished(server.stop);
  return server;
}

describe('a start that cannot be', () => {
  test('a taken port: one clear line, before anything else is started', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const { code, said } = await failedStart({ PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(said).toEqual([expect.stringMatching(new RegExp(`port ${port} .* is taken.*PORT`))]);
  });

  test('a data directory that is a file', async () => {
    const file = path.join(scratch, 'file');
    await writeFile(file, '');
    const { code, said } = await failedStart({ REJOIN_DATA_DIR: file });
    expect(code).toBe(1);
    expect(said).toEqual([expect.stringContaining(`data directory ${file} cannot be used`)]);
  });

  test('a setting that cannot be', async () => {
    const { code, said } = await failedStart({ PORT: 'abc' });
    expect(code).toBe(1);
    expect(said).toEqual([expect.stringContaining('PORT must be a number')]);
  });

  test('a database that cannot be reached; its password is not said', async () => {
    const { code, said } = await failedStart({
      ...external(`postgres://rejoin:hush@127.0.0.1:${await freePort()}/rejoin`),
    });
    expect(code).toBe(1);
    expect(said.at(-1)).toMatch(/Cannot use the database "rejoin" at 127\.0\.0\.1.*ECONNREFUSED/);
    expect(said.join(' ')).not.toContain('hush');
  });

  test('a database whose keys were made with another secret', async () => {
    const url = await newDatabase();
    const first = await started(external(url));
    await first.stop();
    const { code, said } = await failedStart({ ...external(url), AUTH_SECRET: SECRET.toUpperCase() });
    expect(code).toBe(1);
    expect(said.at(-1)).toContain('AUTH_SECRET is not the one');
  });
});

describe('a server on an external Postgres', () => {
  test('keeps the engine in a second database, made when missing, and can start again', async () => {
    const url = await newDatabase();
    const server = await started(external(url));
    const name = `${new URL(url).pathname.slice(1)}_sync`;
    const found = await withClient(url, (client) =>
      client.query('SELECT FROM pg_database WHERE datname = $1', [name]),
    );
    expect(found.rowCount).toBe(1);
    await server.restart();
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});

describe('a server with everything of its own', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ env: NO_CLIENT });
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test('keeps its secrets to itself', async () => {
    for (const secret of ['auth-secret', 'postgres-password']) {
      const { mode } = await stat(path.join(server.dataDir, 'secrets', secret));
      expect(mode & 0o777).toBe(0o600);
    }
  });

  test('killed in the middle, it starts again at once on the Postgres it left behind', async () => {
    const account = { email: 'kept@example.org', name: 'Kept', password: 'long enough' };
    expect((await postJson('/api/auth/sign-up/email', JSON.stringify(account))).status).toBe(200);
    await server.kill();
    await server.restart();
    expect(server.output.text()).toContain('Taking over the Postgres');
    expect((await postJson('/api/auth/sign-in/email', JSON.stringify(account))).status).toBe(200);
  });

  test('SIGTERM ends it completely, and it starts again from a clean end', async () => {
    await server.restart();
    expect(server.output.text()).not.toContain('Taking over');
  });

  test('a signal that comes twice at once, as npm passes it on, still ends it completely', async () => {
    server.signal('SIGINT');
    server.signal('SIGINT');
    await server.restart();
    expect(server.output.text()).not.toContain('Taking over');
  });

  test('a second server on the same data is refused, and the first goes on', async () => {
    const { code, said } = await failedStart({ REJOIN_DATA_DIR: server.dataDir });
    expect(code).toBe(1);
    expect(said.at(-1)).toContain('Another Rejoin is running on the data directory');
  });

  test.each([
    ['no session', '/api/session', undefined, 401, 'signed_out'],
    ['no such address', '/api/nothing', undefined, 404, 'not_found'],
    ['a body that is not JSON', '/api/auth/sign-in/email', '{oops', 400, 'not_json'],
    [
      'a body of over 10 MiB',
      '/api/auth/sign-in/email',
      `"${'x'.repeat(11 * 1024 * 1024)}"`,
      413,
      'too_large',
    ],
  ])('errors are JSON: %s', async (_, address, body, status, code) => {
    const answer = body === undefined ? await fetch(server.url + address) : await postJson(address, body);
    expect(answer.status).toBe(status);
    expect(apiError.parse(await answer.json()).error.code).toBe(code);
  });

  test('a page of another site cannot act for somebody who is signed in; a program without a page can', async () => {
    const body = JSON.stringify({ email: 'a@example.org', password: 'whatever' });
    expect((await postJson('/api/auth/sign-in/email', body, { origin: 'https://evil.example' })).status).toBe(
      403,
    );
    expect((await postJson('/api/auth/sign-in/email', body, { origin: server.url })).status).toBe(401);
    expect((await postJson('/api/auth/sign-in/email', body)).status).toBe(401);
  });

  test('says how it is doing in Prometheus text', async () => {
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('process_cpu_seconds_total');
  });

  test('tells nobody beyond this machine how it is doing', async () => {
    const answer = await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(answer.status).toBe(403);
    expect(apiError.parse(await answer.json()).error.message).toContain('REJOIN_METRICS_TOKEN');
  });

  const postJson = (address: string, body: string, headers: Record<string, string> = {}) =>
    fetch(server.url + address, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
});

const external = (url: string) => ({
  DATABASE_URL: url,
  PUBLIC_URL: 'http://localhost:3000',
  AUTH_SECRET: SECRET,
});

async function newDatabase(): Promise<string> {
  const admin = inject('postgresUrl');
  const name = `boot_${crypto.randomUUID().replaceAll('-', '')}`;
  await withClient(admin, (client) => client.query(`CREATE DATABASE ${name}`));
  return siblingUrl(admin, name);
}
