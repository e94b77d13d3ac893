import Fastify, { type FastifyInstance } from 'fastify';
import { decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActors } from '../../server/auth/actors.ts';
import { type Auth, createAuth, SYNC_AUDIENCE } from '../../server/auth/auth.ts';
import { authRoutes } from '../../server/auth/routes.ts';
import { createSignInLimit, MAX_FAILURES } from '../../server/auth/sign-in-limit.ts';
import { createTokenVerifier } from '../../server/auth/token-verifier.ts';
import { answerErrors } from '../../server/http/errors.ts';
import { apiError } from '../../shared/protocol/error.ts';
import { syncToken } from '../../shared/protocol/sync-token.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const ANN = { email: 'ann@example.org', name: 'Ann', password: 'correct horse' };

let database: TestDatabase;
let auth: Auth;
let app: FastifyInstance;

beforeAll(async () => {
  database = await createTestDatabase();
  auth = newAuth();
  app = await newApp(auth);
  await auth.createAccount(ANN);
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

const newAuth = (changes: { secret?: string; signUp?: boolean; publicUrl?: string } = {}): Auth =>
  createAuth({
    pool: database.pool,
    secret: changes.secret ?? 'an-integration-test-secret-of-32-characters',
    publicUrl: changes.publicUrl ?? null,
    signUp: changes.signUp ?? true,
    log: pino({ level: 'silent' }),
    now: Date.now,
  });

async function newApp(auth: Auth): Promise<FastifyInstance> {
  const app = Fastify();
  answerErrors(app);
  await app.register(
    authRoutes({
      auth,
      signInLimit: createSignInLimit(database.pool),
      publicUrl: null,
      powersyncUrl: null,
      demoAccounts: null,
    }),
  );
  return app;
}

const post = (path: string, payload: object, cookie?: string) =>
  app.inject({ method: 'POST', url: path, payload, headers: cookie ? { cookie } : {} });
const get = (path: string, cookie?: string) => app.inject({ url: path, headers: cookie ? { cookie } : {} });

async function signIn(account = ANN): Promise<string> {
  const answer = await post('/api/auth/sign-in/email', { email: account.email, password: account.password });
  expect(answer.statusCode).toBe(200);
  return answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ');
}

const errorCode = (answer: { json(): unknown }): string => apiError.parse(answer.json()).error.code;

describe('accounts and sessions', () => {
  test('signing in sets a cookie that scripts cannot read and other sites do not send', async () => {
    const answer = await post('/api/auth/sign-in/email', { email: ANN.email, password: ANN.password });
    expect(answer.cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  });

  test('over https the cookie is for secure connections only', async () => {
    const secured = await newApp(newAuth({ publicUrl: 'https://rejoin.example.org' }));
    const payload = { email: ANN.email, password: ANN.password };
    const answer = await secured.inject({ method: 'POST', url: '/api/auth/sign-in/email', payload });
    expect(answer.cookies[0]).toMatchObject({ secure: true, name: expect.stringMatching(/^__Secure-/) });
    await secured.close();
  });

  test('the session says who is signed in, and ends with signing out', async () => {
    const cookie = await signIn();
    const session = await get('/api/session', cookie);
    expect(session.json()).toEqual({ user: { id: expect.any(String), name: 'Ann', email: ANN.email } });
    expect((await post('/api/auth/sign-out', {}, cookie)).statusCode).toBe(200);
    const after = await get('/api/session', cookie);
    expect([after.statusCode, errorCode(after)]).toEqual([401, 'signed_out']);
  });

  test('a forged session cookie is nobody', async () => {
    expect((await get('/api/session', 'rejoin.session_token=made-up.signature')).statusCode).toBe(401);
  });

  test('a new account has a profile from its first moment', async () => {
    const answer = await post('/api/auth/sign-up/email', {
      email: 'new@example.org',
      name: 'Newcomer',
      password: 'long enough',
    });
    expect(answer.statusCode).toBe(200);
    const { rows } = await database.pool.query(
      'SELECT p.name FROM profiles p JOIN "user" u ON u.id = p.id WHERE u.email = $1',
      ['new@example.org'],
    );
    expect(rows).toEqual([{ name: 'Newcomer' }]);
  });

  test.each([
    [{ email: 'not an address', name: 'X', password: 'long enough' }, 'email'],
    [{ email: 'x@example.org', name: ' ', password: 'long enough' }, 'name'],
    [{ email: 'x@example.org', name: 'X', password: 'short' }, 'password'],
  ])('an account that cannot be is refused with the reason: %j', async (payload, field) => {
    const answer = await post('/api/auth/sign-up/email', payload);
    expect(answer.statusCode).toBe(400);
    expect(apiError.parse(answer.json()).error.message).toContain(field);
  });

  test('where sign-up is closed nobody makes an account but the server itself', async () => {
    const closed = newAuth({ signUp: false });
    const closedApp = await newApp(closed);
    const payload = { email: 'guest@example.org', name: 'Guest', password: 'long enough' };
    const refused = await closedApp.inject({ method: 'POST', url: '/api/auth/sign-up/email', payload });
    expect(refused.statusCode).toBeGreaterThanOrEqual(400);
    expect(apiError.safeParse(refused.json()).success).toBe(true);
    await expect(closed.createAccount(payload)).resolves.toEqual(expect.any(String));
    await closedApp.close();
  });

  test('creating an account twice gives the same account and keeps its password', async () => {
    const first = await auth.createAccount(ANN);
    expect(await auth.createAccount({ ...ANN, password: 'another password' })).toBe(first);
    await signIn(ANN);
  });
});

describe('guessing passwords', () => {
  test('is stopped with 429 and a time to wait, also for the right password, for this account only', async () => {
    const target = { email: 'target@example.org', name: 'Target', password: 'the right one' };
    await auth.createAccount(target);
    for (let attempt = 0; attempt < MAX_FAILURES; attempt++) {
      const answer = await post('/api/auth/sign-in/email', { email: target.email, password: 'wrong' });
      expect(answer.statusCode).toBe(401);
    }
    const stopped = await post('/api/auth/sign-in/email', {
      email: 'Target@example.org',
      password: target.password,
    });
    expect([stopped.statusCode, errorCode(stopped)]).toEqual([429, 'too_many_attempts']);
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
    await signIn(ANN);
  });

  test('success forgets the failures before it', async () => {
    for (let round = 0; round < 3; round++) {
      for (let attempt = 0; attempt < MAX_FAILURES - 1; attempt++) {
        await post('/api/auth/sign-in/email', { email: ANN.email, password: 'wrong' });
      }
      await signIn(ANN);
    }
  });
});

describe('sync tokens', () => {
  const verifier = (keys = auth.keys) =>
    createTokenVerifier({ keys, audience: SYNC_AUDIENCE, now: Date.now });

  test('need a session', async () => {
    const answer = await get('/api/sync/token');
    expect([answer.statusCode, errorCode(answer)]).toEqual([401, 'signed_out']);
  });

  test('are for the person signed in, for minutes, for the address the request came to', async () => {
    const cookie = await signIn();
    const answer = await app.inject({
      url: '/api/sync/token',
      headers: { cookie, host: 'tickets.example:3000' },
    });
    const { endpoint, token, expires_at } = syncToken.parse(answer.json());
    expect(endpoint).toBe('http://tickets.example:3000/powersync');
    const { user } = (await get('/api/session', cookie)).json<{ user: { id: string } }>();
    const claims = await verifier()(`Token ${token}`);
    expect(claims).toMatchObject({ sub: user.id, aud: SYNC_AUDIENCE, exp: Date.parse(expires_at) / 1000 });
    const minutes = (Date.parse(expires_at) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(4);
    expect(minutes).toBeLessThan(61);
  });

  test('can be checked by a service that knows only the JWKS address', async () => {
    const { token } = await auth.issueSyncToken('somebody');
    const jwks = await get('/api/auth/jwks');
    expect(jwks.json()).toMatchObject({ keys: [{ kid: decodeProtectedHeader(token).kid, alg: 'ES256' }] });
    await expect(verifier(async () => jwks.json())(`Bearer ${token}`)).resolves.toMatchObject({
      sub: 'somebody',
    });
  });

  test.each([
    ['no header', undefined, 'PSYNC_S2106'],
    ['a scheme of another kind', 'Basic abc', 'PSYNC_S2106'],
    ['no token at all', 'Bearer nonsense', 'PSYNC_S2101'],
  ])('are refused: %s', async (_, header, code) => {
    await expect(verifier()(header)).rejects.toMatchObject({ code });
  });

  test('signed by a stranger, or unsigned, are refused', async () => {
    const forged = await new SignJWT({ sub: 'admin', aud: SYNC_AUDIENCE })
      .setProtectedHeader({ alg: 'HS256', kid: 'ours' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode('a secret of our own making, quite long'));
    await expect(verifier()(`Token ${forged}`)).rejects.toMatchObject({ code: 'PSYNC_S2101' });
  });

  test('past their time are refused as expired', async () => {
    const { token, expiresAt } = await auth.issueSyncToken('somebody');
    const later = createTokenVerifier({
      keys: auth.keys,
      audience: SYNC_AUDIENCE,
      now: () => expiresAt.getTime() + 61_000,
    });
    await expect(later(`Token ${token}`)).rejects.toMatchObject({ code: 'PSYNC_S2103' });
  });

  test('that live longer than a day are refused, whoever signed them', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const keys = async () => ({ keys: [{ ...(await exportJWK(publicKey)), kid: 'own', alg: 'ES256' }] });
    const token = await new SignJWT({ sub: 'somebody', aud: SYNC_AUDIENCE })
      .setProtectedHeader({ alg: 'ES256', kid: 'own' })
      .setIssuedAt()
      .setExpirationTime('25h')
      .sign(privateKey);
    await expect(verifier(keys)(`Token ${token}`)).rejects.toMatchObject({ code: 'PSYNC_S2104' });
  });

  test('for another audience are refused', async () => {
    const { token } = await auth.issueSyncToken('somebody');
    const other = createTokenVerifier({ keys: auth.keys, audience: 'another', now: Date.now });
    await expect(other(`Token ${token}`)).rejects.toMatchObject({ code: 'PSYNC_S2105' });
  });

  test('a secret that is not the one of this database is found out at the start', async () => {
    await auth.check();
    const other = newAuth({ secret: 'quite-another-secret-with-32-characters!' });
    await expect(other.check()).rejects.toThrow();
  });
});

describe('actors (C18)', () => {
  test('carry the roles of this moment', async () => {
    const actors = createActors({
      pool: database.pool,
      userOf: async (headers) => (await auth.userOf(headers))?.id ?? null,
    });
    const cookie = await signIn();
    const projectId = '2b1f7b9e-6f0e-4c5e-9f43-0d5b6a1e7c11';
    await database.pool.query("INSERT INTO projects (id, key, name) VALUES ($1, 'ROLES', 'Roles')", [
      projectId,
    ]);
    const before = await actors.ofHeaders({ cookie });
    expect(before).toMatchObject({ name: 'Ann', roles: new Map() });
    await database.pool.query("INSERT INTO members (project_id, user_id, role) VALUES ($1, $2, 'viewer')", [
      projectId,
      before?.userId,
    ]);
    expect((await actors.ofHeaders({ cookie }))?.roles).toEqual(new Map([[projectId, 'viewer']]));
    expect(await actors.ofHeaders({})).toBeNull();
  });
});
