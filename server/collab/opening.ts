import * as Y from 'yjs';
import { step2Frame, updateFrame } from './frames.ts';
import { partsOf } from './judge-update.ts';
import type { Unmerged } from './merge.ts';

const EMPTY_UPDATE = new Uint8Array([0, 0]);
/** Merging a flat list costs the square of its length, so lists are merged in groups. */
const GROUP = 64;

/**
 * What a client that holds `stateVector` still needs, as frames. The step 2 comes last, because clients take it
 * for the end. Delete sets always travel: no state vector tells what was deleted.
 */
export function openingFrames({ snapshot, updates }: Unmerged, stateVector: Uint8Array): Uint8Array[] {
  const trim = (update: Uint8Array) => (isNothing(stateVector) ? update : Y.diffUpdate(update, stateVector));
  const later = mergeReadable(updates);
  if (!snapshot) return [step2Frame(later ? trim(later) : EMPTY_UPDATE)];
  const end = step2Frame(trim(snapshot));
  return later ? [updateFrame(trim(later)), end] : [end];
}

/** How many bytes have to be read for it: a snapshot that is sent whole is not. */
export function openingCost({ snapshot, updates }: Unmerged, stateVector: Uint8Array): number {
  const later = updates.reduce((sum, update) => sum + update.length, 0);
  return isNothing(stateVector) ? (updates.length > 1 ? later : 0) : later + (snapshot?.length ?? 0);
}

const isNothing = (stateVector: Uint8Array): boolean => stateVector.length <= 1;

/** An update that cannot be read stays in the log, but keeps nobody out. */
function mergeReadable(updates: readonly Uint8Array[]): Uint8Array | undefined {
  try {
    return merge(updates);
  } catch {
    return merge(updates.filter((update) => partsOf(update) !== null));
  }
}

function merge(updates: readonly Uint8Array[]): Uint8Array | undefined {
  let level = [...updates];
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += GROUP) next.push(Y.mergeUpdates(level.slice(at, at + GROUP)));
    level = next;
  }
  return level[0];
}
