import { MESSAGE, SYNC } from '../../../shared/protocol/collab.ts';
import type { Connection } from '../connection.ts';
import type { Extension } from '../extension.ts';
import { type BucketLimit, createTokenBucket, type TokenBucket } from '../token-bucket.ts';

/** What one connection may send. */
export interface Limits {
  readonly frames: BucketLimit;
  readonly bytes: BucketLimit;
}

/** Far above typing, pasting and catching up; two people's replayed hour fits, a loop that floods does not. */
export const DEFAULT_LIMITS: Limits = {
  frames: { perSecond: 1_000, burst: 5_000 },
  bytes: { perSecond: 4 * 1024 * 1024, burst: 24 * 1024 * 1024 },
};

/** Asking for the state costs a read of the database, so it counts for many. */
const STEP1_FRAMES = 20;
const FLAT_FRAMES = 1;

export interface LimitsDeps {
  readonly limits: Limits;
  readonly now: () => number;
}

/** Lets each connection send so many frames and bytes, whatever is in them (D9). */
export function createLimits({ limits, now }: LimitsDeps): Extension {
  const buckets = new WeakMap<Connection, Buckets>();

  function bucketsOf(connection: Connection): Buckets {
    const known = buckets.get(connection);
    if (known) return known;
    const own = {
      frames: createTokenBucket(limits.frames, now),
      bytes: createTokenBucket(limits.bytes, now),
    };
    buckets.set(connection, own);
    return own;
  }

  return {
    screen(connection, frame) {
      const { frames, bytes } = bucketsOf(connection);
      const isWithin = frames(isStep1(frame) ? STEP1_FRAMES : FLAT_FRAMES) && bytes(frame.length);
      return isWithin ? null : 'tooFast';
    },
  };
}

interface Buckets {
  readonly frames: TokenBucket;
  readonly bytes: TokenBucket;
}

const isStep1 = (frame: Uint8Array): boolean => frame[0] === MESSAGE.sync && frame[1] === SYNC.step1;
