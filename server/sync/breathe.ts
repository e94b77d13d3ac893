import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long replication may hold the process before other work gets a turn. */
const SLICE_MS = 10;

/**
 * Gives up the event loop once in a while. One huge transaction must not keep streams, uploads and keepalives of this
 * process waiting until it is through.
 */
export function createBreather(now: () => number): () => Promise<void> {
  let since = now();
  return async () => {
    if (now() - since < SLICE_MS) return;
    await nextTurn();
    since = now();
  };
}
