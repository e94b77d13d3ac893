import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Logger, pino } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { SCHEMA_VERSION } from '../shared/description/schema.ts';
import { createApp } from './app.ts';
import { createActors } from './auth/actors.ts';
import { createAuth, SYNC_AUDIENCE } from './auth/auth.ts';
import { authRoutes } from './auth/routes.ts';
import { createSignInLimit } from './auth/sign-in-limit.ts';
import { createTokenVerifier } from './auth/token-verifier.ts';
import { createCollab } from './collab/collab.ts';
import { type Config, readConfig } from './config.ts';
import { migrate } from './db/migrate.ts';
import { createServerPool } from './db/pool.ts';
import { DEMO_ACCOUNTS } from './demo/accounts.ts';
import { seedDemo } from './demo/seed.ts';
import { makeDataDir } from './embedded/data-dir.ts';
import { type Databases, openDatabases } from './embedded/databases.ts';
import { keptSecret } from './embedded/secrets.ts';
import { keepGarbageYoung } from './garbage.ts';
import { createHistory } from './history/history.ts';
import { clientDirectory, ensureClient } from './http/client-build.ts';
import { createGate } from './http/gate.ts';
import { operationRoutes } from './http/operation-routes.ts';
import { originAllowed } from './http/origin.ts';
import { clientRoutes } from './http/static-client.ts';
import { routeUpgrades } from './http/upgrades.ts';
import type { ImageStore } from './images/image-store.ts';
import { createImages } from './images/images.ts';
import { importRoutes } from './import/routes.ts';
import { fail, runUntilSignal, type Start, say } from './lifecycle.ts';
import { createProjects } from './projects/projects.ts';
import { projectRoutes } from './projects/routes.ts';
import { policyRoutes } from './review/policy-routes.ts';
import { createSyncEngine, type SyncEngine } from './sync/engine.ts';
import { ticketRoutes } from './tickets/routes.ts';
import { uploadRoutes } from './upload/routes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SYNC_CONFIG = fileURLToPath(new URL('../shared/protocol/sync-config.yaml', import.meta.url));
const STOP_GRACE_MS = 5_000;

async function main(): Promise<void> {
  keepGarbageYoung();
  const read = readConfig(process.env);
  if (!read.ok) return fail(`the configuration is not right: ${read.problem}.`);
  const { config } = read;
  const log = pino({ level: config.logLevel });
  await runUntilSignal(log, (step) => start(config, log, step));
}

/** Brings everything up, in an order in which each part finds what it needs; it ends in the reverse order. */
async function start(config: Config, log: Logger, { onStop, stillWanted }: Start): Promise<void> {
  const gate = createGate();
  const port = await gate.listen(config.host, config.port);
  onStop('the HTTP server', () => gate.close(STOP_GRACE_MS));
  await makeDataDir(config.dataDir);
  const [databases] = await Promise.all([
    openDatabases({ ...config, embeddedEngine: config.powersyncUrl === null, log, say }).then((opened) => {
      onStop('the databases', opened.stop);
      return opened;
    }),
    config.serveClient ? ensureClient(ROOT, say) : undefined,
  ]);
  stillWanted();
  await migrate({ url: databases.url, say });

  const pool = await createServerPool(databases.url, {
    onIdleError: (error) => log.warn({ err: error }, 'a database connection was lost'),
  });
  onStop('the database connections', () => pool.end());
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const secret = config.authSecret ?? (await keptSecret(config.dataDir, 'auth-secret'));
  const auth = createAuth({ ...config, pool, secret, log, now: Date.now });
  await auth.check();
  const actors = createActors({ pool, userOf: auth.userIdOf });

  const clock = () => new Date();
  const newId = randomUUID;
  const history = createHistory({ pool, actors, log, clock, newId });
  onStop('the history of descriptions', () => history.stop());
  const collab = createCollab({
    pool,
    actors,
    log,
    registry,
    isAllowedOrigin: (request) => originAllowed(request, config.publicUrl),
    schemaVersion: SCHEMA_VERSION,
    onMet: history.met,
    node: randomUUID(),
    now: () => performance.now(),
  });
  const images = createImages({ pool, actors, log, bucket: await openBucket(config) });
  onStop('the images', () => images.stop());
  const verify = createTokenVerifier({ keys: auth.keys, audience: SYNC_AUDIENCE, now: Date.now });
  const engine = config.powersyncUrl === null ? await newEngine(databases, verify, log, registry) : null;
  stillWanted();

  const app = await createApp(
    { ...config, log },
    {
      api: [
        authRoutes({
          ...config,
          auth,
          signInLimit: createSignInLimit(pool),
          demoAccounts: config.demo ? DEMO_ACCOUNTS : null,
        }),
        uploadRoutes({ pool, actors, log, clock, newId }),
        ticketRoutes({ pool, actors, clock }),
        policyRoutes({ pool, actors }),
        projectRoutes({ projects: createProjects({ pool, newId }), actors }),
        importRoutes({ pool, actors, log, clock, newId }),
        collab.routes,
        history.routes,
        images.routes,
      ],
      sync: engine?.routes ?? null,
      rest: [
        operationRoutes({ ...config, registry, isReady: gate.isOpen }),
        ...(config.serveClient ? [clientRoutes(clientDirectory(ROOT))] : []),
      ],
    },
  );
  onStop('the routes', () => app.fastify.close());
  if (config.demo) await seedDemo({ pool, createAccount: auth.createAccount, log, say, clock, newId });
  onStop('the description service', () => collab.close());
  await collab.start();
  history.start();
  images.start();
  if (engine) {
    say('Starting the sync engine.');
    onStop('the sync engine', () => engine.stop());
    await engine.start();
  }
  stillWanted();

  gate.open(app.requests, routeUpgrades({ '/collab/': collab.handleUpgrade }));
  // Ends first: whoever asks now is told to come back later.
  onStop('the doors', async () => gate.shut());
  say(`Rejoin is ready: ${config.publicUrl ?? gate.address(config.host, port)}`);
}

/** The library for it is large, and most servers have no bucket. */
async function openBucket({ imagesBucket }: Config): Promise<ImageStore | null> {
  if (imagesBucket === null) return null;
  const { createBucketImages } = await import('./images/bucket-images.ts');
  return createBucketImages(imagesBucket);
}

async function newEngine(
  databases: Databases,
  verify: ReturnType<typeof createTokenVerifier>,
  log: Logger,
  metrics: Registry,
): Promise<SyncEngine> {
  const configYaml = await readFile(SYNC_CONFIG, 'utf8');
  return createSyncEngine({
    source: databases.url,
    storage: databases.syncUrl,
    configYaml,
    verify,
    log,
    metrics,
  });
}

await main();
