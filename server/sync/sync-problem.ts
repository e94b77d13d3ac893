import { Problem } from '../http/problem.ts';
import { TokenRefused } from './token-verifier.ts';

/** A refusal in the PowerSync Service's own terms: the SDK reads `code`. */
export class SyncProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: string | undefined;

  constructor(status: number, code: string, description: string, details?: string) {
    super(description);
    this.name = 'SyncProblem';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export interface SyncErrorBody {
  error: { code: string; status: number; description: string; name: string; details?: string };
}

/** What a client is told of an error. Anything unexpected becomes a 500 without its inner words. */
export function toErrorBody(error: unknown): SyncErrorBody {
  if (error instanceof TokenRefused) return body(401, error.code, error.message, 'AuthorizationError');
  if (error instanceof SyncProblem) {
    return body(error.status, error.code, error.message, 'ServiceError', error.details);
  }
  // The app's own doors, such as the one that refuses pages of other sites.
  if (error instanceof Problem) return body(error.status, error.code, error.message, 'ServiceError');
  const status = clientFault(error);
  if (error instanceof Error && status) return body(status, 'PSYNC_S2001', error.message, 'ServiceError');
  return body(500, 'PSYNC_S2001', 'The sync service failed to answer. Try again later.', 'ServiceError');
}

const body = (
  status: number,
  code: string,
  description: string,
  name: string,
  details?: string,
): SyncErrorBody => ({
  error: { code, status, description, name, ...(details === undefined ? {} : { details }) },
});

/** Fastify marks what the request itself is to blame for, such as a body over the limit, with a 4xx. */
function clientFault(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : null;
}
