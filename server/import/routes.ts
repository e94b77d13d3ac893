import { PassThrough, type Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import type pg from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import { can } from '../../shared/permissions/can.ts';
import { type ImportMessage, MAX_IMPORT_BYTES } from '../../shared/protocol/import.ts';
import { rowId } from '../../shared/tickets/ticket.ts';
import { type Actors, requireActor } from '../auth/actors.ts';
import { Problem } from '../http/problem.ts';
import { type ImportRequest, importTickets } from './import-tickets.ts';
import { linesOf } from './lines.ts';

export interface ImportRoutesDeps extends Pick<ImportRequest, 'pool' | 'clock' | 'newId'> {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly log: Logger;
}

/** `POST /api/projects/:id/import`; the wire is described in `shared/protocol/import.ts`. */
export function importRoutes(deps: ImportRoutesDeps): FastifyPluginAsync {
  return async (app) => {
    // The body is read as it comes, line by line: for these routes only, nothing is a JSON document.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    app.post('/api/projects/:id/import', { bodyLimit: MAX_IMPORT_BYTES }, async (request, reply) => {
      const actor = await requireActor(deps.actors, request);
      const projectId = projectOf(request.params);
      const verdict = can(actor, 'project.import', { projectId });
      if (!verdict.allowed) throw new Problem(403, 'not_allowed', verdict.reason);
      if (Number(request.headers['content-length'] ?? 0) > MAX_IMPORT_BYTES) throw tooLarge();
      const answer = new PassThrough();
      void run({ ...deps, projectId, actor, lines: linesOf(bounded(bytesOf(request.raw))) }, answer);
      return reply.type('application/x-ndjson').header('cache-control', 'no-store').send(answer);
    });
  };
}

const params = z.object({ id: rowId });

function projectOf(input: unknown): string {
  const parsed = params.safeParse(input);
  if (parsed.success) return parsed.data.id;
  throw new Problem(404, 'no_project', 'There is no such project.');
}

type Run = Omit<ImportRequest, 'onProgress'> & { readonly log: Logger };

/** By now the answer has begun: whatever happens is its last line, not a status. */
async function run(request: Run, answer: PassThrough): Promise<void> {
  // Whoever asked may have gone; the import goes on with what has arrived.
  const send = (message: ImportMessage) => answer.writable && answer.write(`${JSON.stringify(message)}\n`);
  try {
    const onProgress: ImportRequest['onProgress'] = (progress) => send({ type: 'progress', ...progress });
    const report = await importTickets({ ...request, onProgress });
    send({ type: 'report', ...report });
  } catch (error) {
    if (error instanceof Problem) {
      send({ type: 'error', code: error.code, message: error.message });
    } else {
      request.log.error({ err: error, projectId: request.projectId }, 'an import stopped');
      send({ type: 'error', code: 'import_stopped', message: STOPPED });
    }
  } finally {
    answer.end();
  }
}

const STOPPED =
  'The import stopped before its end. What was imported so far is kept; import the file again to bring the rest.';

const tooLarge = () =>
  new Problem(413, 'too_large', 'The file is over 100 MiB. Split it and import the parts.');

/** An iterator that ends early closes the stream, and with it the connection that the answer goes out on. */
const bytesOf = (body: Readable): AsyncIterable<Uint8Array> => body.iterator({ destroyOnReturn: false });

/** A body without a length is counted as it comes. */
async function* bounded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > MAX_IMPORT_BYTES) throw tooLarge();
    yield chunk;
  }
}
