export interface BucketLimit {
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Tokens in a full bucket: what may be spent at once. */
  readonly burst: number;
}

/** Spends tokens; false when there are not enough. */
export type TokenBucket = (tokens: number) => boolean;

export function createTokenBucket({ perSecond, burst }: BucketLimit, now: () => number): TokenBucket {
  let tokens = burst;
  let filledAt = now();
  return (wanted) => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * perSecond);
    filledAt = at;
    if (tokens < wanted) return false;
    tokens -= wanted;
    return true;
  };
}
