import { DEVICE_KEYS, type DeviceKey, type LabDevice, type OpenLab } from '../features/lab/device.ts';
import { findOrMakeLabProject } from '../features/lab/lab-api.ts';
import { until } from '../features/lab/until.ts';
import { createTicketReader } from '../local-db/ticket-facts.ts';
import { createDeviceSwitch } from './device-switch.ts';
import { eraseDevice } from './erase-device.ts';
import { type DeviceDeps, type OpenDevice, openDevice } from './open-device.ts';

export type LabState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  | ({ readonly kind: 'open' } & OpenLab)
  | { readonly kind: 'failed'; readonly reason: string };

/** The two devices of the laboratory, open for as long as somebody looks at it. */
export interface Lab {
  current(): LabState;
  subscribe(listener: () => void): () => void;
  /** Opens the laboratory; returns what leaves it again. */
  enter(): () => void;
  /** Tries again after a failure. */
  retry(): void;
  close(): Promise<void>;
  /** Deletes what the devices hold. */
  erase(): Promise<void>;
}

/** `connectivity` is that of the real device: without it, neither of the two has a network. */
type LabDeps = Omit<DeviceDeps, 'owner' | 'sharesWithTabs'>;

/** Entering and leaving are taken one after the other, so that no database is open twice. */
export function createLab(deps: LabDeps): Lab {
  const listeners = new Set<() => void>();
  let visitors = 0;
  let leaving = new AbortController();
  let state: LabState = { kind: 'closed' };
  let opened: OpenedLab | undefined;
  let steps: Promise<void> = Promise.resolve();

  const become = (next: LabState) => {
    state = next;
    for (const listener of [...listeners]) listener();
  };
  const close = async () => {
    const closing = opened;
    opened = undefined;
    if (state.kind !== 'closed') become({ kind: 'closed' });
    await closing?.close();
  };
  const follow = async () => {
    if (visitors === 0) return close();
    if (state.kind === 'open') return;
    become({ kind: 'opening' });
    leaving = new AbortController();
    try {
      opened = await openLab(deps, leaving.signal);
      become({ kind: 'open', ...opened.lab });
    } catch (error) {
      if (visitors > 0) become({ kind: 'failed', reason: wordsOf(error) });
    }
  };
  const soon = () => {
    steps = steps.then(follow).catch((error: unknown) => become({ kind: 'failed', reason: wordsOf(error) }));
    return steps;
  };
  const leave = () => {
    visitors -= 1;
    if (visitors > 0) return;
    leaving.abort();
    void soon();
  };

  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    enter: () => {
      visitors += 1;
      void soon();
      let left = false;
      return () => {
        if (!left) leave();
        left = true;
      };
    },
    retry: () => void soon(),
    close: async () => {
      visitors = 0;
      leaving.abort();
      await soon();
    },
    erase: async () => {
      await close();
      for (const key of DEVICE_KEYS) await eraseDevice(ownerOf(deps.userId, key), deps);
    },
  };
}

interface OpenedLab {
  readonly lab: OpenLab;
  close(): Promise<void>;
}

async function openLab(deps: LabDeps, leaving: AbortSignal): Promise<OpenedLab> {
  const project = await findOrMakeLabProject(deps.newId);
  if (!project.ok) throw new Error(project.reason);
  const laptop = await openLabDevice('laptop', deps);
  const phone = await openLabDevice('phone', deps).catch(async (error: unknown) => {
    await laptop.close();
    throw error;
  });
  const close = async () => {
    await Promise.all([laptop.close(), phone.close()]);
  };
  try {
    const { id, key } = project.value;
    await Promise.all([laptop, phone].map(({ device }) => whenProjectIsHere(device, id, leaving)));
    return { lab: { devices: { laptop: laptop.device, phone: phone.device }, project: { id, key } }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Its storage lies beside the person's own, and away from it. */
const ownerOf = (userId: string, key: DeviceKey): string => `${userId}/lab-${key}`;

async function openLabDevice(key: DeviceKey, deps: LabDeps) {
  const connectivity = createDeviceSwitch(deps.connectivity, deps.now);
  const owner = ownerOf(deps.userId, key);
  const opened: OpenDevice = await openDevice({ ...deps, owner, connectivity, sharesWithTabs: false });
  const { data, descriptions } = opened;
  const device: LabDevice = {
    key,
    id: await data.db.getClientId(),
    data,
    descriptions,
    reader: createTicketReader(data.db),
  };
  const close = async () => {
    await opened.close();
    connectivity.close();
  };
  return { device, close };
}

/** A first visit brings all of the person's projects to both devices; a later one finds them there. */
const whenProjectIsHere = ({ reader }: LabDevice, projectId: string, leaving: AbortSignal): Promise<void> =>
  until(() => reader.hasProject(projectId), [reader.onChange], leaving);

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
