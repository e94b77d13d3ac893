import { MESSAGE, SYNC } from '../../shared/protocol/collab.ts';
import type { Brought } from './brought.ts';
import type { Value } from './observable.ts';

/** Sees to it that the server learns where both sides stood (D11), however often the connection breaks. */
export interface ComingBack {
  /** The frames that leave in the place of this one, which is about to leave. */
  outgoing(frame: Uint8Array): readonly Uint8Array[];
  /** What must be with the server before anything else is. */
  first(): Brought | null;
  /** The server has this, or will never take it; without an argument all of it. */
  forget(brought?: Brought): void;
}

/** A connection that breaks each time it has opened must not fill the device. */
const MOST = 8;

/**
 * Each connection begins with a step 1, which says how far this copy goes, and a step 2, which holds what the server
 * lacks; both speak of the copy as it was before the server's part reached it. When the connection breaks before the
 * server has the step 2, the next step 1 would speak of a copy that knows the others' words already, and nobody would
 * be asked about them. So what a device brought is kept, and leaves again, as it was, before what it brings next.
 *
 * @param kept what the server has not acknowledged yet, of this visit or an earlier one
 * @param isUnsaved whether the server lacks words of this device: a copy without any brings nothing
 */
export function watchComingBack(kept: Value<readonly Brought[]>, isUnsaved: () => boolean): ComingBack {
  let step1: Uint8Array | null = null;

  function bring(now: Brought): readonly Uint8Array[] {
    const earlier = kept.get().filter((brought) => !isSame(brought, now));
    kept.set([...earlier.slice(0, MOST - 1), now]);
    if (earlier.length === 0) return [now.step2];
    return [...earlier, now].flatMap((brought) => [brought.step1, brought.step2]);
  }

  return {
    outgoing(frame) {
      if (frame[0] !== MESSAGE.sync) return [frame];
      if (frame[1] === SYNC.step1) step1 = frame;
      if (frame[1] !== SYNC.step2 || !step1) return [frame];
      const now = { step1, step2: frame };
      step1 = null;
      return isUnsaved() ? bring(now) : [frame];
    },
    first: () => kept.get()[0] ?? null,
    forget(brought) {
      const left = brought ? kept.get().filter((other) => other !== brought) : [];
      if (left.length < kept.get().length) kept.set(left);
    },
  };
}

const isSame = (one: Brought, other: Brought): boolean =>
  areEqual(one.step1, other.step1) && areEqual(one.step2, other.step2);

const areEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
