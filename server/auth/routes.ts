import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SyncToken } from '../../shared/protocol/sync-token.ts';
import { Problem } from '../http/problem.ts';
import { type Auth, CLIENT_ADDRESS_HEADER, type NewAccount, type SignedInUser } from './auth.ts';
import type { SignInLimit } from './sign-in-limit.ts';

export interface AuthRoutesDeps {
  readonly auth: Auth;
  readonly signInLimit: SignInLimit;
  readonly publicUrl: string | null;
  /** An external PowerSync Service; null: the embedded engine, beside these routes. */
  readonly powersyncUrl: string | null;
  /** What the sign-in page offers with one click; null when the demo is off. */
  readonly demoAccounts: readonly NewAccount[] | null;
}

/** Sign-in, sign-up, sign-out, the session, and what the sync service needs to trust this server. */
export function authRoutes(deps: AuthRoutesDeps): FastifyPluginAsync {
  const { auth } = deps;
  return async (app) => {
    app.post('/api/auth/sign-in/email', perMinute(SIGN_INS), (request, reply) =>
      signIn(deps, request, reply),
    );
    app.post('/api/auth/sign-up/email', perMinute(SIGN_UPS), (request, reply) => {
      const body = parseBody(newAccount, request.body);
      return passOn(auth, request, reply, body);
    });
    app.post('/api/auth/sign-out', (request, reply) => passOn(auth, request, reply, {}));
    app.get('/api/auth/jwks', (request, reply) => passOn(auth, request, reply));

    app.get('/api/session', async (request, reply) => {
      // better-auth's own answer prolongs the session; its cookie goes with ours.
      const answer = await auth.handle(webRequest(request, '/api/auth/get-session'));
      copyCookies(answer, reply);
      return { user: await requireUser(auth, request) };
    });
    app.get('/api/sync/token', async (request): Promise<SyncToken> => {
      const { token, expiresAt } = await auth.issueSyncToken((await requireUser(auth, request)).id);
      const endpoint = deps.powersyncUrl ?? `${ownAddress(deps, request)}/powersync`;
      return { endpoint, token, expires_at: expiresAt.toISOString() };
    });
    app.get('/api/demo', async () => {
      if (deps.demoAccounts) return { accounts: deps.demoAccounts };
      throw new Problem(404, 'no_demo', 'This server has no demo accounts.');
    });
  };
}

// For one address. Guessing is slowed down by SignInLimit; these bound what hashing passwords may cost.
const SIGN_INS = 300;
const SIGN_UPS = 60;

const perMinute = (max: number) => ({ config: { rateLimit: { max, timeWindow: '1 minute' } } });

const credentials = z.object({
  email: z.string().min(1).max(320),
  password: z.string().min(1).max(1000),
});

const newAccount = z.object({
  email: z.email('This is not an e-mail address.').max(320),
  name: z.string().trim().min(1, 'A name is needed.').max(100, 'A name has at most 100 characters.'),
  password: z.string().min(8, 'A password has at least 8 characters.').max(128),
});

async function signIn(deps: AuthRoutesDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const body = parseBody(credentials, request.body);
  const attempt = { email: body.email, address: request.ip };
  const wait = await deps.signInLimit.waitBefore(attempt);
  if (wait > 0) {
    reply.header('retry-after', wait);
    throw new Problem(429, 'too_many_attempts', `Too many failed attempts. Try again in ${wait} seconds.`);
  }
  const answer = await deps.auth.handle(webRequest(request, request.url, body));
  if (answer.ok) await deps.signInLimit.succeeded(attempt);
  else if (answer.status === 401) await deps.signInLimit.failed(attempt);
  return relay(answer, reply);
}

async function passOn(
  auth: Auth,
  request: FastifyRequest,
  reply: FastifyReply,
  body?: object,
): Promise<unknown> {
  return relay(await auth.handle(webRequest(request, request.url, body)), reply);
}

/** better-auth's answer, its refusals in the form of every other error of the API. */
async function relay(answer: Response, reply: FastifyReply): Promise<unknown> {
  copyCookies(answer, reply);
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) return reply.status(answer.status).send(body);
  const refusal = libraryRefusal.parse(body ?? {});
  throw new Problem(answer.status, refusal.code.toLowerCase(), `${refusal.message.replace(/\.$/, '')}.`);
}

const libraryRefusal = z.object({
  code: z.string().catch('auth_failed'),
  message: z.string().catch('The server could not do this. Try again'),
});

function webRequest(request: FastifyRequest, path: string, body?: object): Request {
  const headers = new Headers({ [CLIENT_ADDRESS_HEADER]: request.ip });
  for (const name of ['cookie', 'user-agent'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  // The host does not matter here: origins are checked before, and no answer contains an address.
  const url = new URL(path, 'http://localhost');
  if (body === undefined) return new Request(url, { headers });
  headers.set('content-type', 'application/json');
  return new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

function copyCookies(answer: Response, reply: FastifyReply): void {
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) reply.header('set-cookie', cookies);
}

async function requireUser(auth: Auth, request: FastifyRequest): Promise<SignedInUser> {
  const user = await auth.userOf(request.headers);
  if (user) return user;
  throw new Problem(401, 'signed_out', 'You are signed out. Sign in and try again.');
}

function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Problem(
    400,
    'bad_request',
    issue ? `${issue.path.join('.') || 'body'}: ${issue.message}` : 'Bad body.',
  );
}

const ownAddress = ({ publicUrl }: AuthRoutesDeps, request: FastifyRequest): string =>
  publicUrl ?? `${request.protocol}://${request.host}`;
