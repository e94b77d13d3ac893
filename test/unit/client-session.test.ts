import { describe, expect, it } from 'vitest';
import { createSession, signedInAs } from '../../client/app/session.ts';
import { createConnectivity } from '../../client/local-db/connectivity.ts';

const ADA = { id: 'ada', name: 'Ada', email: 'ada@example.org' };
const BOB = { id: 'bob', name: 'Bob', email: 'bob@example.org' };

function memoryStorage(start: Readonly<Record<string, string>> = {}) {
  const held = new Map(Object.entries(start));
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
}

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });

function start(answers: (url: string) => Response | Error, storage = memoryStorage()) {
  const asked: string[] = [];
  const fetch = async (url: string) => {
    asked.push(url);
    const answer = answers(url);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { session: createSession({ storage, events: new EventTarget(), fetch }), storage, asked };
}

const offline = () => new TypeError('Failed to fetch');

describe('the session', () => {
  it('is there at a cold start without a network', async () => {
    const { session } = start(offline, memoryStorage({ 'rejoin.user': JSON.stringify(ADA) }));
    expect(session.current()).toEqual({ kind: 'signed-in', user: ADA });
    await session.check();
    expect(session.current()).toEqual({ kind: 'signed-in', user: ADA });
  });

  it('takes nothing unparsed from storage', () => {
    expect(start(offline, memoryStorage({ 'rejoin.user': '{"id":7}' })).session.current().kind).toBe(
      'checking',
    );
    expect(start(offline, memoryStorage({ 'rejoin.user': 'not json' })).session.current().kind).toBe(
      'checking',
    );
  });

  it('expires without forgetting the person or their data', async () => {
    const { session } = start(() => json(401, {}), memoryStorage({ 'rejoin.user': JSON.stringify(ADA) }));
    const ada = signedInAs(session, 'ada');
    expect(ada.current()).toBe(true);
    await session.check();
    expect(session.current()).toEqual({ kind: 'expired', user: ADA });
    expect(ada.current()).toBe(false);
    session.signedIn(ADA);
    expect(ada.current()).toBe(true);
  });

  it('is another account’s when the server says so: the first one’s queue must not be sent as theirs', async () => {
    const { session } = start(
      () => json(200, { user: BOB }),
      memoryStorage({ 'rejoin.user': JSON.stringify(ADA) }),
    );
    const ada = signedInAs(session, 'ada');
    await session.check();
    expect(session.current()).toEqual({ kind: 'signed-in', user: BOB });
    expect(ada.current()).toBe(false);
  });

  it('ends at once without a network, and the server hears of it before it is asked again', async () => {
    let reachable = false;
    const { session, storage, asked } = start((url) => {
      if (!reachable) return offline();
      return url === '/api/session' ? json(200, { user: ADA }) : json(200, {});
    });
    session.signedIn(ADA);
    await session.signOut();
    expect(session.current()).toEqual({ kind: 'signed-out' });

    reachable = true;
    const next = start((url) => (url === '/api/session' ? json(200, { user: ADA }) : json(200, {})), storage);
    expect(next.session.current()).toEqual({ kind: 'signed-out' });
    await next.session.check();
    expect(next.session.current()).toEqual({ kind: 'signed-out' });
    expect(asked).toEqual(['/api/auth/sign-out']);
    expect(next.asked).toEqual(['/api/auth/sign-out']);
  });

  it('shows the sign-in page when nobody is known and nobody answers', async () => {
    const { session } = start(offline);
    await session.check();
    expect(session.current()).toEqual({ kind: 'signed-out' });
  });
});

describe('connectivity', () => {
  it('keeps the work-offline switch and its time over a reload', () => {
    const deps = {
      storage: memoryStorage(),
      events: new EventTarget(),
      hasNetwork: () => true,
      now: () => new Date('2026-03-01T10:00:00.000Z'),
    };
    createConnectivity(deps).setWorkOffline(true);
    const later = createConnectivity({ ...deps, now: () => new Date('2026-03-02T10:00:00.000Z') });
    expect(later.current()).toEqual({ kind: 'work-offline', since: '2026-03-01T10:00:00.000Z' });
    later.setWorkOffline(false);
    expect(later.current()).toEqual({ kind: 'online' });
  });

  it('follows the browser, and tells its followers once a change', () => {
    let network = true;
    const events = new EventTarget();
    const now = () => new Date('2026-03-01T10:00:00.000Z');
    const connectivity = createConnectivity({
      storage: memoryStorage(),
      events,
      hasNetwork: () => network,
      now,
    });
    const seen: string[] = [];
    connectivity.subscribe(() => seen.push(connectivity.current().kind));
    network = false;
    events.dispatchEvent(new Event('offline'));
    events.dispatchEvent(new Event('offline'));
    network = true;
    events.dispatchEvent(new Event('online'));
    expect(seen).toEqual(['no-network', 'online']);
  });
});
