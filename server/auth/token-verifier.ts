import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { TokenRefused, type TokenVerifier } from '../sync/token-verifier.ts';

export interface TokenVerifierDeps {
  /** The public keys as they are now. */
  readonly keys: () => Promise<JSONWebKeySet>;
  readonly audience: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The PowerSync Service's own limit for a token's life. */
const MAX_LIFE_SECONDS = 24 * 60 * 60;
const CLOCK_TOLERANCE_SECONDS = 60;
/** Unknown keys are looked for again at most this often, or strangers could make us query at will. */
const KEYS_MIN_AGE_MS = 10_000;
const ALGORITHMS = ['ES256', 'EdDSA', 'RS256'];

/** Judges sync tokens as the PowerSync Service does, with its error codes (see {@link TokenRefused}). */
export function createTokenVerifier({ keys, audience, now }: TokenVerifierDeps): TokenVerifier {
  const keySet = createKeyCache(keys, now);

  return async function verify(authorization) {
    const token = /^(?:Token|Bearer) (\S+)$/i.exec(authorization ?? '')?.[1];
    if (!token) throw new TokenRefused('PSYNC_S2106', 'Authentication required');
    const payload = await checked(token);
    const life = (payload.exp ?? 0) - (payload.iat ?? 0);
    if (life <= MAX_LIFE_SECONDS) return payload;
    throw new TokenRefused(
      'PSYNC_S2104',
      `Token must expire in a maximum of ${MAX_LIFE_SECONDS} seconds, got ${life}s`,
    );
  };

  async function checked(token: string): Promise<JWTPayload> {
    const attempt = async () =>
      jwtVerify(token, createLocalJWKSet(await keySet.current()), {
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(now()),
        requiredClaims: ['aud', 'sub', 'iat', 'exp'],
      });
    try {
      return (await attempt()).payload;
    } catch (error) {
      // A key this node has not seen: another node may have just made it.
      const isNewKey = error instanceof errors.JWKSNoMatchingKey && keySet.forget();
      if (!isNewKey) throw refusal(error);
    }
    try {
      return (await attempt()).payload;
    } catch (error) {
      throw refusal(error);
    }
  }
}

function createKeyCache(load: () => Promise<JSONWebKeySet>, now: () => number) {
  let cached: { keys: JSONWebKeySet; at: number } | null = null;
  return {
    async current(): Promise<JSONWebKeySet> {
      cached ??= { keys: await load(), at: now() };
      return cached.keys;
    },
    /** True when the next look will be a fresh one. */
    forget(): boolean {
      if (cached && now() - cached.at < KEYS_MIN_AGE_MS) return false;
      cached = null;
      return true;
    },
  };
}

/** A fault of the token as a refusal; a fault of ours (the keys could not be read) as it is. */
function refusal(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError)) return error;
  if (error instanceof errors.JWTExpired) return new TokenRefused('PSYNC_S2103', 'JWT has expired');
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    return new TokenRefused('PSYNC_S2105', error.message);
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return new TokenRefused(
      'PSYNC_S2101',
      'Could not find an appropriate key in the keystore. The key is missing or no key matched the token KID',
    );
  }
  return new TokenRefused('PSYNC_S2101', error.message);
}
