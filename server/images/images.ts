import type { FastifyPluginAsync } from 'fastify';
import type pg from 'pg';
import type pino from 'pino';
import type { Actors } from '../auth/actors.ts';
import type { ImageStore } from './image-store.ts';
import { createPostgresImages } from './postgres-images.ts';
import { imageRoutes } from './routes.ts';
import { sweepImages } from './sweep.ts';

export interface ImagesDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly log: pino.Logger;
  /** Where new images go; null: into Postgres. */
  readonly bucket: ImageStore | null;
}

/** Images in descriptions: `shared/protocol/images.ts`. */
export interface Images {
  readonly routes: FastifyPluginAsync;
  /** Deletes what is left of deleted images, now and from then on. */
  start(): void;
  stop(): Promise<void>;
}

const SWEEP_EVERY_MS = 60 * 60 * 1000;

export function createImages({ pool, actors, log, bucket }: ImagesDeps): Images {
  const stores = { postgres: createPostgresImages(pool), bucket };
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = () => {
    sweeping = sweepImages({ pool, stores }).catch((error: unknown) =>
      log.error({ err: error }, 'Deleted images could not be removed from their store; it is tried again.'),
    );
  };
  return {
    routes: imageRoutes({ pool, actors, stores }),
    start() {
      sweep();
      timer = setInterval(sweep, SWEEP_EVERY_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
