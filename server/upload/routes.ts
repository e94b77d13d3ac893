import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyPluginAsync } from 'fastify';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Actor } from '../../shared/permissions/can.ts';
import { MAX_UPLOAD_BYTES, type UploadResponse } from '../../shared/protocol/upload.ts';
import { type Actors, requireActor } from '../auth/actors.ts';
import { Problem } from '../http/problem.ts';
import { type ParsedUpload, parseUpload } from './parse.ts';
import { createPostgresUploadStore } from './postgres-store.ts';
import { PassingFault } from './store.ts';
import { upload } from './upload.ts';

export interface UploadRoutesDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly log: Pick<Logger, 'warn'>;
  readonly clock?: () => Date;
  readonly newId?: () => string;
}

/** `POST /api/upload`: every op of a device's queue is answered, whatever the answer; see `shared/protocol/upload.ts`. */
export const uploadRoutes = (deps: UploadRoutesDeps): FastifyPluginAsync => {
  const { pool, actors, log, clock = () => new Date(), newId = randomUUID } = deps;
  const store = createPostgresUploadStore(pool);
  return async (app) => {
    app.post('/api/upload', { bodyLimit: MAX_UPLOAD_BYTES }, async (request): Promise<UploadResponse> => {
      const actor = await requireActor(actors, request);
      const reading = parseUpload(request.body);
      if (!reading.ok) throw new Problem(400, 'bad_upload', `This upload cannot be read: ${reading.reason}`);
      requireOwn(actor, reading.upload);
      try {
        return { outcomes: await upload({ store, clock, newId, wait, log }, actor, reading.upload) };
      } catch (fault) {
        if (!(fault instanceof PassingFault)) throw fault;
        log.warn({ err: fault }, 'An upload was given back to its device to be sent again.');
        throw new Problem(
          503,
          'busy',
          'Rejoin could not store these changes just now. They will be sent again.',
        );
      }
    });
  };
};

/** Another account may have signed in on this browser while its predecessor's edits were on their way. */
function requireOwn(actor: Actor, { userId }: ParsedUpload): void {
  if (userId === null || userId === actor.userId) return;
  throw new Problem(
    409,
    'other_account',
    'These changes were made by another account than the one that is signed in here. Nothing was applied; ' +
      'sign in with that account to send them.',
  );
}
