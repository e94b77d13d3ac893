import type { IncomingHttpHeaders } from 'node:http';
import { betterAuth } from 'better-auth';
import { fromNodeHeaders } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import type { JSONWebKeySet } from 'jose';
import type pg from 'pg';
import type { Logger } from 'pino';

export interface AuthDeps {
  readonly pool: pg.Pool;
  readonly secret: string;
  /** `https` makes the cookies secure; null when no address was configured. */
  readonly publicUrl: string | null;
  readonly signUp: boolean;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface SignedInUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Accounts and sessions, as better-auth keeps them in Postgres, behind the few things Rejoin asks of it. */
export type Auth = ReturnType<typeof createAuth>;

/** Who sync tokens are for; an external PowerSync Service names it in `client_auth.audience`. */
export const SYNC_AUDIENCE = 'rejoin-sync';
/** Carries the address of the caller into better-auth; what a client sends under this name is overwritten. */
export const CLIENT_ADDRESS_HEADER = 'x-rejoin-client-address';

const DAY_SECONDS = 24 * 60 * 60;
/** Long, because a device may be away for weeks and comes back signed in. */
const SESSION_SECONDS = 60 * DAY_SECONDS;
const SYNC_TOKEN_SECONDS = 15 * 60;
const ISSUER = 'rejoin';

export function createAuth(deps: AuthDeps) {
  const library = configure(deps);

  /** The person behind the session cookie; null without a valid one. */
  async function userOf(headers: IncomingHttpHeaders): Promise<SignedInUser | null> {
    if (!headers.cookie) return null;
    const session = await library.api.getSession({
      headers: fromNodeHeaders(headers),
      // Only the page's own question for its session prolongs it: the answer must carry the new cookie.
      query: { disableRefresh: true },
    });
    return session && { id: session.user.id, name: session.user.name, email: session.user.email };
  }

  /** A short-lived proof of identity for the sync service. */
  async function issueSyncToken(userId: string): Promise<IssuedToken> {
    const issuedAt = Math.floor(deps.now() / 1000);
    const exp = issuedAt + SYNC_TOKEN_SECONDS;
    const payload = { sub: userId, iat: issuedAt, exp, aud: SYNC_AUDIENCE, iss: ISSUER };
    const { token } = await library.api.signJWT({ body: { payload } });
    return { token, expiresAt: new Date(exp * 1000) };
  }

  return {
    userOf,
    userIdOf: async (headers: IncomingHttpHeaders): Promise<string | null> =>
      (await userOf(headers))?.id ?? null,
    issueSyncToken,
    /** better-auth's own HTTP interface, for the routes that Rejoin lets through. */
    handle: (request: Request): Promise<Response> => library.handler(request),
    /** The public keys that sync tokens are signed with. */
    keys: (): Promise<JSONWebKeySet> => library.api.getJwks(),
    createAccount: async (account: NewAccount) => createAccount(await library.$context, account),
    /** Rejects when the secret is not the one that this database's keys were made with; makes keys when there are none. */
    check: async (): Promise<void> => {
      await issueSyncToken('check').catch((error: Error) => {
        throw new Error(
          `the signing keys in the database cannot be read: AUTH_SECRET is not the one that they were made with (${error.message}).`,
        );
      });
    },
  };
}

function configure({ pool, secret, publicUrl, signUp, log }: AuthDeps) {
  return betterAuth({
    appName: 'Rejoin',
    database: pool,
    secret,
    baseURL: publicUrl ?? 'http://localhost',
    basePath: '/api/auth',
    emailAndPassword: { enabled: true, disableSignUp: !signUp, autoSignIn: true },
    session: { expiresIn: SESSION_SECONDS, updateAge: DAY_SECONDS },
    // Counted by Rejoin itself, by failure: see sign-in-limit.ts.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      cookiePrefix: 'rejoin',
      useSecureCookies: publicUrl?.startsWith('https:') ?? false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      // Rejoin checks the origin of every request that changes something, in one place: see http/origin.ts.
      disableCSRFCheck: true,
    },
    logger: { log: (level, message) => log[level]({ part: 'better-auth' }, message) },
    plugins: [
      jwt({
        jwks: { keyPairConfig: { alg: 'ES256' } },
        jwt: { issuer: ISSUER, audience: SYNC_AUDIENCE, expirationTime: `${SYNC_TOKEN_SECONDS}s` },
        disableSettingJwtHeader: true,
      }),
    ],
  });
}

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

type AuthContext = Awaited<ReturnType<typeof configure>['$context']>;

/**
 * The account of this e-mail address, made when missing, whether sign-up is open or not; its id.
 * An account that is there keeps its name and password. One without a password (a crash between the two steps)
 * gets it.
 */
async function createAccount(context: AuthContext, { email, name, password }: NewAccount): Promise<string> {
  const { internalAdapter } = context;
  const address = email.toLowerCase();
  const known = await internalAdapter.findUserByEmail(address, { includeAccounts: true });
  const user =
    known?.user ??
    (await internalAdapter.createUser(
      { email: address, name, emailVerified: true },
      { method: 'email-password' },
    ));
  const hasPassword = known?.accounts.some((account) => account.providerId === 'credential') ?? false;
  if (!hasPassword) {
    const hash = await context.password.hash(password);
    const credential = { userId: user.id, accountId: user.id, providerId: 'credential', password: hash };
    await internalAdapter.linkAccount(credential);
  }
  return user.id;
}
