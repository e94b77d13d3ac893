import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTokenVerifier } from '../../server/auth/token-verifier.ts';
import { createSyncClient } from '../support/sync-client.ts';
import { createSyncBed, type RunningEngine, type SyncBed, tokenFor } from '../support/sync-engine.ts';
import {
  ticketId,
  W1,
  WORKSPACES_CONFIG,
  WORKSPACES_ROWS,
  WORKSPACES_SCHEMA,
} from '../support/sync-workspaces.ts';

let bed: SyncBed;
let engine: RunningEngine;
beforeAll(async () => {
  bed = await createSyncBed(WORKSPACES_SCHEMA + WORKSPACES_ROWS, WORKSPACES_CONFIG);
  engine = await bed.start({ keepaliveMs: 50 });
});
afterAll(() => bed.drop());

const post = (path: string, init: RequestInit & { token?: string } = {}) =>
  fetch(engine.endpoint + path, {
    method: 'POST',
    body: '{}',
    ...init,
    headers: { authorization: `Token ${init.token ?? tokenFor('user')}`, ...init.headers },
  });

describe('the wire', () => {
  it.each([
    { name: 'NDJSON, raw', options: {}, type: 'application/x-ndjson' },
    { name: 'NDJSON, nested', options: { rawData: false }, type: 'application/x-ndjson' },
    { name: 'NDJSON, gzip', options: { gzip: true }, type: 'application/x-ndjson' },
    {
      name: 'BSON',
      options: { accept: 'application/vnd.powersync.bson-stream;q=0.9,application/x-ndjson;q=0.8' },
    },
  ])('brings the same rows live as $name', async ({ options }) => {
    const client = createSyncClient(options);
    await client.connect(engine.endpoint);
    await client.until(() => client.rows('tickets').size === 2, 'the first sync');
    const title = `Live ${performance.now()}`;
    await bed.sql(`UPDATE tickets SET title = '${title}' WHERE id = '${ticketId(1)}'`);
    await client.until(() => client.rows('tickets').get(ticketId(1))?.title === title, 'a live update');
    await client.disconnect();
  });

  it('keeps an idle stream alive and ends it when the token expires', async () => {
    const client = createSyncClient({ token: tokenFor('user', 2) });
    await client.connect(engine.endpoint);
    await client.ended();
    const expiries = client.lines.flatMap((line) =>
      'token_expires_in' in line ? [line.token_expires_in] : [],
    );
    expect(expiries.length).toBeGreaterThan(2);
    expect(expiries.at(-1)).toBe(0);
  });

  it('answers errors and preflights as the Service does', async () => {
    const broken = await post('/sync/stream', { body: '{' });
    expect([broken.status, await broken.json()]).toMatchObject([
      400,
      { error: { code: 'PSYNC_S2001', status: 400 } },
    ]);
    const invalid = await post('/sync/stream', { body: '{"buckets": 5}' });
    expect([invalid.status, await invalid.json()]).toMatchObject([
      400,
      { error: { code: 'PSYNC_S2001', description: 'Validation failed', name: 'ServiceError' } },
    ]);
    const unknown = await post('/no/such/path');
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: 'PSYNC_S2002' } }]);
    const preflight = await fetch(`${engine.endpoint}/sync/stream`, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  });
});

describe('tokens', () => {
  it.each([
    ['no header', 'PSYNC_S2106', async () => undefined],
    ['an unknown key', 'PSYNC_S2101', async (sign: Sign) => sign({ key: 'stranger' })],
    ['an expired token', 'PSYNC_S2103', async (sign: Sign) => sign({ from: -7200, life: 60 })],
    ['a life of over a day', 'PSYNC_S2104', async (sign: Sign) => sign({ life: 90_000 })],
    ['another audience', 'PSYNC_S2105', async (sign: Sign) => sign({ audience: 'elsewhere' })],
  ])('%s is refused with %s', async (_, code, make) => {
    const { sign, running } = await signedEngine();
    const token = await make(sign);
    for (const path of ['/sync/stream', '/sync/checkpoint-request']) {
      const response = await fetch(running.endpoint + path, {
        method: 'POST',
        body: '{}',
        headers: token ? { authorization: `Token ${token}` } : {},
      });
      expect([response.status, await response.json()]).toMatchObject([
        401,
        { error: { code, status: 401, name: 'AuthorizationError' } },
      ]);
    }
    await running.stop();
  });

  it('a good one, as Bearer too, decides whose data it is', async () => {
    const { sign, running } = await signedEngine();
    const client = createSyncClient({ token: await sign({}) });
    await client.connect(running.endpoint);
    await client.until(() => client.rows('workspaces').has(W1), 'the workspace');
    await client.disconnect();
    const response = await fetch(`${running.endpoint}/write-checkpoint2.json?client_id=c`, {
      headers: { authorization: `Bearer ${await sign({})}` },
    });
    expect(response.status).toBe(200);
    await running.stop();
  });
});

type Sign = (claims: { key?: string; audience?: string; life?: number; from?: number }) => Promise<string>;

/** An engine that trusts one key; it takes turns with the shared one, since a storage has one writer. */
async function signedEngine(): Promise<{ sign: Sign; running: RunningEngine }> {
  await engine.stop();
  const pair = await generateKeyPair('ES256');
  const stranger = await generateKeyPair('ES256');
  const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'ours', alg: 'ES256' }] };
  const verify = createTokenVerifier({ keys: async () => keys, audience: 'rejoin-sync', now: Date.now });
  const running = await bed.start({ verify });
  const sign: Sign = ({ key = 'ours', audience = 'rejoin-sync', life = 300, from = 0 }) => {
    const now = Math.floor(Date.now() / 1000) + from;
    return new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: key })
      .setSubject('user')
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + life)
      .sign(key === 'ours' ? pair.privateKey : stranger.privateKey);
  };
  return { sign, running };
}
