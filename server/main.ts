import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Logger, pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createApp } from './app.ts';
import { createActors } from './auth/actors.ts';
import { createAuth } from './auth/auth.ts';
import { authRoutes } from './auth/routes.ts';
import { createSignInLimit } from './auth/sign-in-limit.ts';
import { type Config, readConfig } from './config.ts';
import { migrate } from './db/migrate.ts';
import { createPool } from './db/pool.ts';
import { openDatabases } from './embedded/databases.ts';
import { keptSecret } from './embedded/secrets.ts';
import { clientDirectory, ensureClient } from './http/client-build.ts';
import { createGate, type Gate } from './http/gate.ts';
import { operationRoutes } from './http/operation-routes.ts';
import { originAllowed } from './http/origin.ts';
import { clientRoutes } from './http/static-client.ts';
import { routeUpgrades } from './http/upgrades.ts';
import { createLifecycle, type Lifecycle, onEndSignals } from './lifecycle.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STOP_GRACE_MS = 5_000;

async function main(): Promise<void> {
  const read = readConfig(process.env);
  if (!read.ok) return fail(`the configuration is not right: ${read.problem}`);
  const { config } = read;
  const log = pino({ level: config.logLevel });
  const lifecycle = createLifecycle(log);
  const ending = new AbortController();
  const starting = start({ config, log, lifecycle, ending: ending.signal });
  onEndSignals(async (signal) => {
    say(`Stopping (${signal}).`);
    ending.abort();
    await starting.catch(() => undefined);
    process.exit((await lifecycle.stop()) ? 0 : 1);
  });
  try {
    await starting;
  } catch (error) {
    if (ending.signal.aborted) return;
    log.debug({ err: error }, 'the start failed');
    await lifecycle.stop();
    fail(error instanceof Error ? error.message : String(error));
  }
}

interface Start {
  readonly config: Config;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Aborted when the process is asked to end before it is ready. */
  readonly ending: AbortSignal;
}

async function start({ config, log, lifecycle, ending }: Start): Promise<void> {
  const gate = createGate();
  const port = await listen(gate, config);
  lifecycle.onStop('the HTTP server', () => gate.close(STOP_GRACE_MS));
  await makeDataDir(config.dataDir);
  const [databases] = await Promise.all([
    openDatabases({ ...config, embeddedEngine: config.powersyncUrl === null, log, say }).then((opened) => {
      lifecycle.onStop('the databases', opened.stop);
      return opened;
    }),
    config.serveClient ? ensureClient(ROOT, say) : undefined,
  ]);
  ending.throwIfAborted();
  await migrate({ url: databases.url, say });

  const pool = createPool(databases.url, {
    onIdleError: (error) => log.warn({ err: error }, 'a database connection was lost'),
  });
  lifecycle.onStop('the database connections', () => pool.end());
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const secret = config.authSecret ?? (await keptSecret(config.dataDir, 'auth-secret'));
  const auth = createAuth({ ...config, pool, secret, log, now: Date.now });
  await checkKeys(auth.check);
  const userOf = async (headers: Parameters<typeof auth.userOf>[0]) =>
    (await auth.userOf(headers))?.id ?? null;
  const actors = createActors({ pool, userOf });

  const app = await createApp(
    { ...config, log },
    {
      api: [authRoutes({ ...config, auth, signInLimit: createSignInLimit(pool), demoAccounts: null })],
      sync: null,
      rest: [
        operationRoutes({ registry, isReady: gate.isOpen }),
        ...(config.serveClient ? [clientRoutes(clientDirectory(ROOT))] : []),
      ],
    },
  );
  lifecycle.onStop('the routes', () => app.fastify.close());
  ending.throwIfAborted();
  gate.open(
    app.requests,
    routeUpgrades({}, (request) => originAllowed(request, config.publicUrl)),
  );
  // First of all when stopping: whoever asks is told to come back later.
  lifecycle.onStop('the doors', async () => gate.shut());
  say(`Rejoin is ready: ${config.publicUrl ?? `http://${hostInUrl(config.host)}:${port}`}`);
}

async function listen(gate: Gate, { host, port }: Config): Promise<number> {
  try {
    return await gate.listen(host, port);
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') {
      throw new Error(`port ${port} on ${host} is taken. Stop what uses it, or set PORT to another one.`);
    }
    throw new Error(`cannot listen on ${host}:${port} (${codeOf(error)}). Check HOST and PORT.`);
  }
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    // Private from the start: it will hold everything.
    await mkdir(path.join(dataDir, 'secrets'), { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(
      `the data directory ${dataDir} cannot be used (${codeOf(error)}). Make it readable and writable, or set REJOIN_DATA_DIR to another one.`,
    );
  }
}

async function checkKeys(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    throw new Error(
      `the signing keys in the database cannot be read: AUTH_SECRET is not the one they were made with (${error instanceof Error ? error.message : error}).`,
    );
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

const hostInUrl = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
};

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

/** One line, whatever the error had to say, and a status that is not zero. */
function fail(problem: string): void {
  process.stderr.write(`Rejoin cannot start: ${problem.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  process.exit(1);
}

await main();
