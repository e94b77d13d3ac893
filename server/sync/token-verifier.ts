import type { JWTPayload } from 'jose';

/** Why a sync token is refused, in the PowerSync Service's own codes: the SDK fetches a new token on these. */
export type TokenFault =
  /** The key is unknown, the signature is wrong, or a claim is missing or malformed. */
  | 'PSYNC_S2101'
  /** The token has expired. */
  | 'PSYNC_S2103'
  /** The token lives longer than a day. */
  | 'PSYNC_S2104'
  /** The token is for another audience. */
  | 'PSYNC_S2105'
  /** There is no `Authorization: Token …` or `Bearer …` header. */
  | 'PSYNC_S2106';

/** Thrown by a {@link TokenVerifier}; the engine answers 401 with the code and the message. */
export class TokenRefused extends Error {
  readonly code: TokenFault;

  constructor(code: TokenFault, message: string) {
    super(message);
    this.name = 'TokenRefused';
    this.code = code;
  }
}

/**
 * Checks an `Authorization` header and returns the token's claims, with at least `sub` and `exp`.
 * Throws {@link TokenRefused} for a token that is not good; anything else it throws is answered as a fault of the server.
 */
export type TokenVerifier = (authorization: string | undefined) => Promise<JWTPayload>;
