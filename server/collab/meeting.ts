import * as Y from 'yjs';
import type { MeetingPoints } from '../history/meeting-store.ts';
import type { UpdateParts } from './judge-update.ts';
import { addDelete, clockOf, emptyState, isDeleted, type KnownState, raiseClocks } from './known-state.ts';
import type { LogUpdate } from './store.ts';

/** An update on its way to the log; with the meeting, when a device brought it back from being apart. */
export interface MetUpdate extends LogUpdate {
  readonly meeting: MeetingPoints | null;
}

/**
 * Where the two sides stood when a device came back, if both had changed; null when one of them had not (D11).
 * Clients of the plain protocol tell all that it takes: a step 1 says how far they have written and read, and a
 * step 2 holds every deletion they know. Call it before the room takes `brought` in.
 */
export function meetingAt(
  known: KnownState,
  opened: ReadonlyMap<number, number>,
  brought: UpdateParts,
): MeetingPoints | null {
  const device = emptyState();
  raiseClocks(device.clocks, opened);
  for (const range of brought.deletes) addDelete(device, range);
  if (!lacksSomething(device, known)) return null;
  raiseClocks(device.clocks, brought.ends);
  return { theirs: encodePoint(known), yours: encodePoint(device) };
}

function lacksSomething(device: KnownState, known: KnownState): boolean {
  for (const [client, clock] of known.clocks) if (clock > clockOf(device, client)) return true;
  for (const [client, bounds] of known.deletes) {
    for (let at = 0; at < bounds.length; at += 2) {
      const range = { client, start: bounds[at] ?? 0, end: bounds[at + 1] ?? 0 };
      if (!isDeleted(device, range)) return true;
    }
  }
  return false;
}

/** As `Y.encodeSnapshot` writes it. */
function encodePoint({ clocks, deletes }: KnownState): Uint8Array {
  const ds = Y.createDeleteSet();
  for (const [client, bounds] of deletes) {
    const ranges: { clock: number; len: number }[] = [];
    for (let at = 0; at < bounds.length; at += 2) {
      const start = bounds[at] ?? 0;
      ranges.push({ clock: start, len: (bounds[at + 1] ?? start) - start });
    }
    ds.clients.set(client, ranges);
  }
  return Y.encodeSnapshot(Y.createSnapshot(ds, new Map(clocks)));
}
