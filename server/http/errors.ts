import type { FastifyError, FastifyInstance } from 'fastify';
import type { ApiError } from '../../shared/protocol/error.ts';
import { Problem } from './problem.ts';

/** Every error leaves as `{error: {code, message}}`; what is our fault is logged and says nothing of its inside. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | Problem>((error, request, reply) => {
    const problem = error instanceof Problem ? error : problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, 'a request failed');
    return reply.status(problem.status).send(bodyOf(problem));
  });
}

export const bodyOf = ({ code, message }: Problem): ApiError => ({ error: { code, message } });

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
