import type { Readable } from 'node:stream';
import type { FastifyError, FastifyInstance } from 'fastify';
import type { ApiError } from '../../shared/protocol/error.ts';
import { Problem } from './problem.ts';

/** Every error leaves as `{error: {code, message}}`; what is our fault is logged and says nothing of its inside. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | Problem>(async (error, request, reply) => {
    const problem = error instanceof Problem ? error : problemOf(error);
    if (problem.status === 413) await drain(request.raw);
    if (problem.status >= 500) request.log.error({ err: error }, 'a request failed');
    return reply.status(problem.status).send(bodyOf(problem));
  });
}

export const bodyOf = ({ code, message }: Problem): ApiError => ({ error: { code, message } });

const DRAIN_MAX_BYTES = 64 * 1024 * 1024;
const DRAIN_MAX_MS = 10_000;

/**
 * Lets the rest of a body that is too large pass by, within reason: a sender that is cut off in the middle sees a
 * broken connection instead of our answer.
 */
function drain(body: Readable): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, DRAIN_MAX_MS);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DRAIN_MAX_BYTES) end();
    });
    body.once('close', end);
    body.once('end', end);
    body.once('error', end);
    if (body.readableEnded || body.destroyed) end();
    else body.resume();
  });
}

function problemOf(error: FastifyError): Problem {
  const known = FRAMEWORK_PROBLEMS[error.code];
  if (known) return known();
  const status = error.statusCode ?? 500;
  if (status >= 500)
    return new Problem(500, 'server_fault', 'The server could not do this. Try again later.');
  return new Problem(status, 'bad_request', error.message);
}

const notJson = () => new Problem(400, 'not_json', 'The body of this request is not JSON.');

/** Fastify's own refusals in our words. A body of another type is one that is not JSON, hence 400 and not 415. */
const FRAMEWORK_PROBLEMS: Readonly<Record<string, () => Problem>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: notJson,
  FST_ERR_CTP_EMPTY_JSON_BODY: notJson,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: notJson,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new Problem(400, 'bad_request', 'The body of this request is not as long as it says.'),
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new Problem(413, 'too_large', 'The body of this request is over the limit. Send it in smaller parts.'),
};
