import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CLOSE, type CloseReason } from '../../shared/protocol/close-codes.ts';
import { MAX_FRAME_BYTES, SCHEMA_PARAMETER } from '../../shared/protocol/collab.ts';
import {
  type DescriptionWritten,
  MAX_WRITE_BYTES,
  OPENED_PARAMETER,
} from '../../shared/protocol/description-write.ts';
import { Problem } from '../http/problem.ts';
import { type AdmissionDeps, admit } from './admission.ts';
import { createHttpWriter, type WriteOutcome, type WriterIdentity } from './http-writer.ts';
import { readClocks } from './known-state.ts';
import type { Pipeline } from './pipeline.ts';
import type { Rooms } from './rooms.ts';

export interface WriteRouteDeps extends AdmissionDeps {
  readonly rooms: Rooms;
  readonly pipeline: Pick<Pipeline, 'received'>;
  readonly schemaVersion: number;
}

const params = z.object({ id: z.uuid() });
const query = z.object({ [SCHEMA_PARAMETER]: z.coerce.number().int().positive().optional() });
const cameFrom = z.object({
  [OPENED_PARAMETER]: z.coerce.number().int().min(0).max(MAX_FRAME_BYTES).default(0),
});
const body = z.instanceof(Uint8Array<ArrayBufferLike>);
/** Each holds several copies of up to 10 MiB. */
const MAX_AT_ONCE = 8;

/** Takes an update that is too large for the socket (shared/protocol/description-write.ts). */
export const writeRoute =
  (deps: WriteRouteDeps): FastifyPluginAsync =>
  async (app) => {
    let running = 0;
    app.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: MAX_WRITE_BYTES },
      (_request, payload, done) => done(null, payload),
    );
    app.post('/api/tickets/:id/description', async (request): Promise<DescriptionWritten> => {
      if (running >= MAX_AT_ONCE)
        throw new Problem(
          503,
          'busy',
          'The server is storing other long descriptions. Try again in a moment.',
        );
      running += 1;
      try {
        const { update, opened } = readWrite(request);
        return answer(await write(deps, { ...(await identify(deps, request)), opened }, update));
      } finally {
        running -= 1;
      }
    });
  };

async function identify(
  deps: WriteRouteDeps,
  request: FastifyRequest,
): Promise<Omit<WriterIdentity, 'opened'>> {
  const ticketId = params.safeParse(request.params).data?.id.toLowerCase() ?? null;
  const admission = await admit(deps, request.headers, ticketId);
  if (admission.kind === 'refused') throw refusal(admission.reason);
  if (ticketId === null) throw refusal('gone');
  if (!admission.canEdit) throw refusal('readOnly');
  const { actor, projectId, canEdit } = admission;
  const asked = query.safeParse(request.query);
  // As on the socket: who says nothing is believed, what cannot be read is the oldest.
  const version = asked.success ? (asked.data[SCHEMA_PARAMETER] ?? deps.schemaVersion) : 1;
  const schemaVersion = Math.min(version, deps.schemaVersion);
  const { headers } = request;
  return { headers, ticketId, schemaVersion, userId: actor.userId, name: actor.name, projectId, canEdit };
}

async function write(
  { rooms, pipeline }: WriteRouteDeps,
  identity: WriterIdentity,
  update: Uint8Array,
): Promise<WriteOutcome> {
  const { connection, outcome } = createHttpWriter(identity);
  const room = await rooms.join(identity.ticketId, connection);
  try {
    await pipeline.received(room, connection, { kind: 'step2', update }, update);
    return await outcome;
  } finally {
    rooms.leave(room, connection);
  }
}

function answer(outcome: WriteOutcome): DescriptionWritten {
  switch (outcome.kind) {
    case 'durable':
      return { durable: true };
    case 'refused':
      throw refusal(outcome.reason);
    case 'incomplete':
      throw new Problem(409, 'incomplete', INCOMPLETE);
    case 'failed':
      throw new Problem(503, 'not_stored', 'The description could not be stored just now. Try again.');
  }
}

const INCOMPLETE =
  'Part of this description builds on text that nobody has sent yet; only the rest was stored. Keep the copy on this device.';

function readWrite(request: FastifyRequest): Pick<WriterIdentity, 'opened'> & { update: Uint8Array } {
  const read = body.safeParse(request.body);
  if (!read.success) throw new Problem(415, 'not_binary', 'Send the update as application/octet-stream.');
  const came = cameFrom.safeParse(request.query);
  if (!came.success) throw refusal('malformed');
  const length = came.data[OPENED_PARAMETER];
  const update = read.data.subarray(length);
  if (length === 0) return { update, opened: null };
  const opened = readClocks(read.data.subarray(0, length));
  if (!opened) throw refusal('malformed');
  return { update, opened };
}

const STATUS: Record<CloseReason, number> = {
  malformed: 400,
  signedOut: 401,
  noAccess: 403,
  readOnly: 403,
  gone: 404,
  tooLarge: 413,
  editorTooOld: 409,
  tooFast: 429,
};

const refusal = (reason: CloseReason): Problem => new Problem(STATUS[reason], reason, CLOSE[reason].words);
