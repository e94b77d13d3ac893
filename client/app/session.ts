import { z } from 'zod';
import type { SignedIn } from '../local-db/signed-in.ts';

const user = z.object({ id: z.string().min(1), name: z.string(), email: z.string() });
export type User = z.output<typeof user>;

/** Who uses this browser. The person signed in last is remembered, so that a cold start needs no network. */
export type SessionState =
  /** Nobody is remembered, but the browser may still hold a session cookie. */
  | { readonly kind: 'checking' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in'; readonly user: User }
  /** The server no longer knows the session. Everything on this device stays readable and editable. */
  | { readonly kind: 'expired'; readonly user: User };

export interface SessionStore {
  current(): SessionState;
  subscribe(listener: () => void): () => void;
  /** Asks the server who is signed in; without an answer the remembered person stays. */
  check(): Promise<void>;
  signedIn(user: User): void;
  expired(): void;
  signOut(): Promise<void>;
}

interface SessionDeps {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** `window`: other tabs tell of sign-in and sign-out through its storage event. */
  readonly events: Pick<EventTarget, 'addEventListener'>;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
}

const USER_KEY = 'rejoin.user';
/** Signed out without a network: the server hears of it at the next chance, before it is asked who is signed in. */
const SIGN_OUT_KEY = 'rejoin.sign-out-unsent';

export function createSession({ storage, events, fetch }: SessionDeps): SessionStore {
  const listeners = new Set<() => void>();
  let state: SessionState = remembered();

  function remembered(): SessionState {
    const known = readUser(storage.getItem(USER_KEY));
    if (known) return { kind: 'signed-in', user: known };
    return storage.getItem(SIGN_OUT_KEY) ? { kind: 'signed-out' } : { kind: 'checking' };
  }

  const become = (next: SessionState) => {
    state = next;
    for (const listener of [...listeners]) listener();
  };
  const signedIn = (next: User) => {
    storage.removeItem(SIGN_OUT_KEY);
    storage.setItem(USER_KEY, JSON.stringify(next));
    become({ kind: 'signed-in', user: next });
  };
  const expired = () => {
    if ('user' in state) become({ kind: 'expired', user: state.user });
    else become({ kind: 'signed-out' });
  };
  const sendSignOut = async () => {
    const answer = await post(fetch, '/api/auth/sign-out');
    if (answer === 'done') storage.removeItem(SIGN_OUT_KEY);
  };

  events.addEventListener('storage', (event) => {
    if (!('key' in event) || event.key !== USER_KEY) return;
    const known = readUser(storage.getItem(USER_KEY));
    if (known) become({ kind: 'signed-in', user: known });
    else become({ kind: 'signed-out' });
  });

  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check: async () => {
      if (storage.getItem(SIGN_OUT_KEY)) return sendSignOut();
      const answer = await askWho(fetch);
      if (answer.kind === 'nobody') return expired();
      if (answer.kind === 'user') return signedIn(answer.user);
      if (state.kind === 'checking') become({ kind: 'signed-out' });
    },
    signedIn,
    expired,
    signOut: async () => {
      storage.setItem(SIGN_OUT_KEY, '1');
      storage.removeItem(USER_KEY);
      become({ kind: 'signed-out' });
      await sendSignOut();
    },
  };
}

/** Whether the session still is this person's: another account may have signed in meanwhile. */
export function signedInAs(session: SessionStore, userId: string): SignedIn {
  return {
    current: () => {
      const state = session.current();
      return state.kind === 'signed-in' && state.user.id === userId;
    },
    subscribe: session.subscribe,
  };
}

type WhoAnswer =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'no-answer' };

async function askWho(fetch: SessionDeps['fetch']): Promise<WhoAnswer> {
  try {
    const response = await fetch('/api/session');
    if (response.status === 401) return { kind: 'nobody' };
    const answer = z.object({ user }).safeParse(response.ok ? await response.json() : undefined);
    return answer.success ? { kind: 'user', user: answer.data.user } : { kind: 'no-answer' };
  } catch {
    return { kind: 'no-answer' }; // no network: what is remembered holds
  }
}

async function post(fetch: SessionDeps['fetch'], url: string): Promise<'done' | 'not-sent'> {
  try {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    return (await fetch(url, init)).ok ? 'done' : 'not-sent';
  } catch {
    return 'not-sent';
  }
}

function readUser(stored: string | null): User | undefined {
  if (stored === null) return undefined;
  try {
    return user.safeParse(JSON.parse(stored)).data;
  } catch {
    return undefined; // not JSON: as if nobody was remembered
  }
}
