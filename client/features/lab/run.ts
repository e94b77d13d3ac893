import type { SharedSession } from '../../description/shared-sessions.ts';
import { wordsOf } from '../../description/unknown-content.ts';
import { DEVICE_KEYS, type DeviceKey, type LabDevice, type OpenLab } from './device.ts';
import type { Look, Looks } from './scenario.ts';
import { until, type Watch } from './until.ts';

/** One telling of a scenario: its ticket, and the description as each device has it open. */
export interface Run {
  readonly lab: OpenLab;
  readonly ticketId: string;
  readonly descriptions: Readonly<Record<DeviceKey, SharedSession>>;
  /** The tickets that its steps have made so far. */
  readonly made: string[];
  /** Aborted when the person stops it or leaves. */
  readonly signal: AbortSignal;
}

export async function lookAtBoth(run: Run): Promise<Looks> {
  const [laptop, phone] = await Promise.all(DEVICE_KEYS.map((key) => lookAt(run, key)));
  if (!laptop || !phone) throw new Error('The laboratory has two devices.');
  return { laptop, phone };
}

async function lookAt(run: Run, key: DeviceKey): Promise<Look> {
  const { reader } = run.lab.devices[key];
  const [facts, ...made] = await Promise.all([run.ticketId, ...run.made].map((id) => reader.read(id)));
  if (!facts) throw new Error('A run has a ticket.');
  return { ...facts, made, description: wordsOf(run.descriptions[key].session.fragment).join('\n') };
}

/** Everything that can change what {@link lookAtBoth} sees. */
export const watchesOf = (run: Run): readonly Watch[] =>
  DEVICE_KEYS.flatMap((key) => [
    run.lab.devices[key].reader.onChange,
    (listener) => {
      const { doc } = run.descriptions[key].session;
      doc.on('update', listener);
      return () => doc.off('update', listener);
    },
  ]);

/** Longer than a busy server takes to answer, and not too long for a person to wait for the truth. */
const PATIENCE_MS = 30_000;

/** Waits, and gives up in words when nothing comes. */
export async function inTime(
  what: string,
  holds: () => boolean | Promise<boolean>,
  watches: readonly Watch[],
  stopped: AbortSignal,
): Promise<void> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    await until(holds, watches, AbortSignal.any([stopped, late]));
  } catch (error) {
    if (stopped.aborted || !late.aborted) throw error;
    throw new Error(
      `${what} took longer than ${PATIENCE_MS / 1_000} seconds. Check the connection and play again.`,
    );
  }
}

export const whenSynced = ({ data: { sync } }: LabDevice, stopped: AbortSignal): Promise<void> =>
  inTime('Reaching the server', () => sync.current().kind === 'synced', [sync.subscribe], stopped);
