import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyPluginAsync } from 'fastify';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { SCHEMA_VERSION } from '../shared/description/schema.ts';
import type { Actors } from './auth/actors.ts';
import { type Auth, SYNC_AUDIENCE } from './auth/auth.ts';
import { createTokenVerifier } from './auth/token-verifier.ts';
import { type Collab, createCollab } from './collab/collab.ts';
import type { Config } from './config.ts';
import { originAllowed } from './http/origin.ts';
import { importRoutes } from './import/routes.ts';
import { createProjects } from './projects/projects.ts';
import { projectRoutes } from './projects/routes.ts';
import { policyRoutes } from './review/policy-routes.ts';
import { createSyncEngine, type SyncEngine } from './sync/engine.ts';
import { ticketRoutes } from './tickets/routes.ts';
import { uploadRoutes } from './upload/routes.ts';

export interface ModulesDeps {
  readonly config: Config;
  readonly databases: { readonly url: string; readonly syncUrl: string };
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly auth: Auth;
  readonly log: Logger;
  readonly registry: Registry;
}

/** The parts behind the routes, built once: the second half of the composition root. */
export interface Modules {
  readonly api: readonly FastifyPluginAsync[];
  readonly collab: Collab;
  /** Null when an external PowerSync Service does its work. */
  readonly engine: SyncEngine | null;
}

const SYNC_CONFIG = new URL('../shared/protocol/sync-config.yaml', import.meta.url);

export async function createModules(deps: ModulesDeps): Promise<Modules> {
  const { pool, actors, log } = deps;
  const collab = createCollabModule(deps);
  return {
    api: [
      uploadRoutes({ pool, actors, log }),
      ticketRoutes({ pool, actors }),
      policyRoutes({ pool, actors }),
      projectRoutes({ actors, projects: createProjects({ pool, newId: randomUUID }) }),
      importRoutes({ pool, actors, log, clock: () => new Date(), newId: randomUUID }),
      collab.routes,
    ],
    collab,
    engine: deps.config.powersyncUrl === null ? await createEngine(deps) : null,
  };
}

function createCollabModule({ config, pool, actors, log, registry }: ModulesDeps): Collab {
  return createCollab({
    pool,
    actors,
    log,
    registry,
    isAllowedOrigin: (request) => originAllowed(request, config.publicUrl),
    schemaVersion: SCHEMA_VERSION,
    node: randomUUID(),
    now: () => performance.now(),
  });
}

async function createEngine({ databases, auth, log, registry }: ModulesDeps): Promise<SyncEngine> {
  return createSyncEngine({
    source: databases.url,
    storage: databases.syncUrl,
    configYaml: await readFile(SYNC_CONFIG, 'utf8'),
    verify: createTokenVerifier({ keys: auth.keys, audience: SYNC_AUDIENCE, now: Date.now }),
    log,
    metrics: registry,
  });
}
