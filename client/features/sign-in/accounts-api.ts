import { z } from 'zod';
import { apiError } from '../../../shared/protocol/error.ts';

const user = z.object({ id: z.string().min(1), name: z.string(), email: z.string() });
const demoAccount = z.object({ email: z.string(), name: z.string(), password: z.string() });

export type SignedInUser = z.output<typeof user>;
export type DemoAccount = z.output<typeof demoAccount>;
export type SignInResult =
  | { readonly ok: true; readonly user: SignedInUser }
  | { readonly ok: false; readonly reason: string };

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export const signIn = (fetch: Fetch, { email, password }: Credentials): Promise<SignInResult> =>
  enter(fetch, '/api/auth/sign-in/email', { email, password });

export const signUp = (
  fetch: Fetch,
  account: Credentials & { readonly name: string },
): Promise<SignInResult> => enter(fetch, '/api/auth/sign-up/email', account);

/** The accounts this server offers for trying Rejoin out; none where the demo is off. */
export async function demoAccounts(fetch: Fetch): Promise<readonly DemoAccount[]> {
  try {
    const response = await fetch('/api/demo');
    if (!response.ok) return [];
    return z.object({ accounts: z.array(demoAccount) }).parse(await response.json()).accounts;
  } catch {
    return []; // no server: the form says so when it is sent
  }
}

async function enter(fetch: Fetch, url: string, body: object): Promise<SignInResult> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) return { ok: false, reason: refusal(response, answer) };
    const parsed = z.object({ user }).safeParse(answer);
    if (parsed.success) return { ok: true, user: parsed.data.user };
    return { ok: false, reason: 'The server answered in a way this page does not know. Reload it.' };
  } catch {
    return { ok: false, reason: 'The server cannot be reached. Check the network and try again.' };
  }
}

function refusal(response: Response, answer: unknown): string {
  const said = apiError.safeParse(answer);
  if (said.success && response.status !== 401) return said.data.error.message;
  switch (response.status) {
    case 401:
      return 'The e-mail address and the password do not belong together.';
    case 429:
      return 'Too many attempts. Wait a minute, then try again.';
    default:
      return `The server could not do this now (status ${response.status}). Try again in a moment.`;
  }
}
