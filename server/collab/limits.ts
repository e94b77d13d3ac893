import { MESSAGE, SYNC } from '../../shared/protocol/collab.ts';
import { type BucketLimit, createTokenBucket } from './token-bucket.ts';

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

/** Says for each frame whether it is still within the limits. */
export function createLimiter(limits: Limits, now: () => number): (frame: Uint8Array) => boolean {
  const frames = createTokenBucket(limits.frames, now);
  const bytes = createTokenBucket(limits.bytes, now);
  return (frame) => frames(isStep1(frame) ? STEP1_FRAMES : FLAT_FRAMES) && bytes(frame.length);
}

const isStep1 = (frame: Uint8Array): boolean => frame[0] === MESSAGE.sync && frame[1] === SYNC.step1;
