import { createHash } from 'node:crypto';
import type pg from 'pg';

export interface Attempt {
  readonly email: string;
  /** The caller's network address. */
  readonly address: string;
}

/** Slows down guessing: only failures count, so that a busy office behind one address is not locked out. */
export interface SignInLimit {
  /** Seconds to wait before the next attempt is looked at; 0: now. */
  waitBefore(attempt: Attempt): Promise<number>;
  failed(attempt: Attempt): Promise<void>;
  succeeded(attempt: Attempt): Promise<void>;
}

export const MAX_FAILURES = 8;
const WINDOW_SECONDS = 60;

/** Counts per account and address in Postgres, so that several nodes count together. */
export function createSignInLimit(pool: pg.Pool): SignInLimit {
  return {
    async waitBefore(attempt) {
      const { rows } = await pool.query<{ seconds: number }>(SELECT_WAIT, [keyOf(attempt), MAX_FAILURES]);
      return rows[0]?.seconds ?? 0;
    },
    async failed(attempt) {
      await pool.query(DELETE_PAST);
      await pool.query(COUNT_FAILURE, [keyOf(attempt), WINDOW_SECONDS]);
    },
    async succeeded(attempt) {
      await pool.query('DELETE FROM sign_in_failures WHERE attempt = $1', [keyOf(attempt)]);
    },
  };
}

const SELECT_WAIT = `
  SELECT ceil(extract(epoch FROM window_ends_at - now()))::integer AS seconds FROM sign_in_failures
  WHERE attempt = $1 AND failures >= $2 AND window_ends_at > now()`;

const DELETE_PAST = 'DELETE FROM sign_in_failures WHERE window_ends_at <= now()';

const COUNT_FAILURE = `
  INSERT INTO sign_in_failures (attempt, failures, window_ends_at)
  VALUES ($1, 1, now() + make_interval(secs => $2))
  ON CONFLICT (attempt) DO UPDATE SET failures = sign_in_failures.failures + 1`;

/** A digest: what people type into the e-mail field may be their password. */
function keyOf({ email, address }: Attempt): string {
  return createHash('sha256').update(`${address} ${email.trim().toLowerCase()}`).digest('base64url');
}
