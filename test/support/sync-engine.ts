import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { JWTPayload } from 'jose';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { databaseName, siblingUrl, withClient } from '../../server/db/databases.ts';
import { createSyncEngine, type SyncEngine, type SyncEngineOptions } from '../../server/sync/engine.ts';
import { TokenRefused } from '../../server/sync/token-verifier.ts';
import { createTestDatabase, type TestDatabase } from './postgres.ts';

export interface RunningEngine {
  /** The SDK's endpoint. */
  endpoint: string;
  engine: SyncEngine;
  metrics: Registry;
  stop(): Promise<void>;
}

export interface SyncBed {
  source: TestDatabase;
  storageUrl: string;
  /** Runs statements in the source database, one transaction a call. */
  sql(text: string): Promise<void>;
  rows(text: string): Promise<Record<string, unknown>[]>;
  /** `port`: where an earlier engine listened, for clients that come back to it. */
  start(options?: Partial<SyncEngineOptions>, port?: number): Promise<RunningEngine>;
  drop(): Promise<void>;
}

/** A source database with a schema and a config of the test's own, and a storage that outlives its engines. */
export async function createSyncBed(schema: string, configYaml: string): Promise<SyncBed> {
  const source = await createTestDatabase({ empty: true });
  await source.pool.query(schema);
  return bedOf(source, configYaml);
}

/** The same with Rejoin's own schema. */
export async function createRejoinBed(configYaml: string): Promise<SyncBed> {
  return bedOf(await createTestDatabase(), configYaml);
}

function bedOf(source: TestDatabase, configYaml: string): SyncBed {
  const storageUrl = siblingUrl(source.url, `${databaseName(source.url)}_sync`);
  const running = new Set<RunningEngine>();
  return {
    source,
    storageUrl,
    async sql(text) {
      await source.pool.query(text);
    },
    rows: async (text) => (await source.pool.query<Record<string, unknown>>(text)).rows,
    async start(options = {}, port = 0) {
      const engine = await startEngine(
        { source: source.url, storage: storageUrl, configYaml, ...options },
        port,
      );
      const stop = async () => {
        running.delete(started);
        await engine.stop();
      };
      const started = { ...engine, stop };
      running.add(started);
      return started;
    },
    async drop() {
      for (const each of running) await each.stop();
      const name = databaseName(storageUrl);
      await withClient(siblingUrl(source.url, 'postgres'), (admin) =>
        admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
      );
      await source.drop();
    },
  };
}

/** An engine behind a server of its own, on a free port. Tokens are plain claims: see {@link tokenFor}. */
export async function startEngine(
  options: Pick<SyncEngineOptions, 'source' | 'storage' | 'configYaml'> & Partial<SyncEngineOptions>,
  port = 0,
): Promise<RunningEngine> {
  const metrics = new Registry();
  const engine = createSyncEngine({ verify: claimsOf, log: testLog(), metrics, ...options });
  // fetch opens a spare connection after an aborted request, which an orderly close would wait for.
  const app = Fastify({ forceCloseConnections: true });
  await app.register(engine.routes);
  await app.listen({ port, host: '127.0.0.1' });
  const address = app.server.address();
  const stop = async () => {
    await engine.stop();
    await app.close();
  };
  try {
    await engine.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint: `http://127.0.0.1:${portOf(address)}/powersync`, engine, metrics, stop };
}

/** Set SYNC_TEST_LOG=info to see what the engine says. */
const testLog = (): Logger => pino({ level: process.env.SYNC_TEST_LOG ?? 'fatal' });

function portOf(address: AddressInfo | string | null): number {
  if (!address || typeof address === 'string') throw new Error('The test server has no port.');
  return address.port;
}

/** A token that {@link startEngine}'s verifier takes at its word. */
export function tokenFor(userId: string, lifeSeconds = 3600): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { sub: userId, aud: 'test', iat, exp: iat + lifeSeconds };
  return Buffer.from(JSON.stringify(claims)).toString('base64url');
}

async function claimsOf(authorization: string | undefined): Promise<JWTPayload> {
  const token = /^(?:Token|Bearer) (\S+)$/.exec(authorization ?? '')?.[1];
  if (!token) throw new TokenRefused('PSYNC_S2106', 'Authentication required');
  return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
}
