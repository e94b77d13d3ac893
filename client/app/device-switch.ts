import { type ConnectivityStore, createConnectivity } from '../local-db/connectivity.ts';

/**
 * The offline switch of a device in the laboratory. It has a network whenever the real device has; its own switch is
 * forgotten when the laboratory is left, so that every visit begins connected.
 */
export function createDeviceSwitch(real: ConnectivityStore, now: () => Date): ConnectivityStore {
  const events = new EventTarget();
  const hasNetwork = () => real.current().kind === 'online';
  const tell = () => events.dispatchEvent(new Event(hasNetwork() ? 'online' : 'offline'));
  const stopFollowing = real.subscribe(tell);
  const own = createConnectivity({ storage: createMemoryStorage(), events, hasNetwork, now });
  return {
    ...own,
    close: () => {
      stopFollowing();
      own.close();
    },
  };
}

function createMemoryStorage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
