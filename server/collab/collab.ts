import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import type pg from 'pg';
import type pino from 'pino';
import type { Registry } from 'prom-client';
import type { Actors } from '../auth/actors.ts';
import { descriptionRoutes } from './description-routes.ts';
import { createDocumentThread } from './document-thread.ts';
import type { Extension } from './extension.ts';
import { createAccess } from './extensions/access.ts';
import { createAcknowledgements } from './extensions/acknowledgement.ts';
import { createCompaction } from './extensions/compaction.ts';
import { createFanOut } from './extensions/fan-out.ts';
import { createHeartbeat } from './extensions/heartbeat.ts';
import { createHistory } from './extensions/history.ts';
import { createLimits, DEFAULT_LIMITS, type Limits } from './extensions/limits.ts';
import { createOpening } from './extensions/opening.ts';
import { createPersistence } from './extensions/persistence.ts';
import { createPresenceExtension } from './extensions/presence.ts';
import { createValidation } from './extensions/validation.ts';
import { LEFTOVERS_TIMING, type LeftoversTiming } from './leftovers.ts';
import { type Listener, startListener } from './listener.ts';
import { createCollabMetrics } from './metrics.ts';
import { createPipeline } from './pipeline.ts';
import { createRooms } from './rooms.ts';
import { createSocketHandler } from './socket-handler.ts';
import { writeRoute } from './write-route.ts';

export interface CollabDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  readonly log: pino.Logger;
  readonly registry: Registry;
  /** Whether a page of this origin may open sockets with our cookies. */
  isAllowedOrigin(request: IncomingMessage): boolean;
  /** The newest document schema this server knows; clients are not believed beyond it. */
  readonly schemaVersion: number;
  /** Unlike every other node's name; without spaces. */
  readonly node: string;
  /** Milliseconds that only grow, like `performance.now`. */
  readonly now: () => number;
  readonly limits?: Limits;
  /** A device came back after both sides had changed a description, and that is stored (D11). */
  onMet?(): void;
  readonly leftovers?: LeftoversTiming;
}

/**
 * The description service: everything behind `/collab/<ticket id>`, and descriptions read and written over HTTP. It is
 * made of extensions, listed below in the order in which they are asked (extension.ts). None of them builds a Y.Doc:
 * updates are judged on state vectors, and what needs the document happens on a worker thread.
 */
export interface Collab {
  /** Listens to the database and folds what a crash left; sockets are served from then on. */
  start(): Promise<void>;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly routes: FastifyPluginAsync;
  /** Resolves when all that is durable now is in the ticket's snapshot and text. */
  compactNow(ticketId: string): Promise<void>;
  /** Stores what has come in, folds it, and closes every socket so that its client comes back. */
  close(): Promise<void>;
}

export function createCollab(deps: CollabDeps): Collab {
  const { pool, log, now } = deps;
  const metrics = createCollabMetrics(deps.registry);
  const thread = createDocumentThread({ log });
  const pipeline = createPipeline(() => extensions);
  const rooms = createRooms({ pool, metrics, pipeline });
  const parts = { ...deps, metrics, thread, pipeline, rooms };

  const access = createAccess(parts);
  const fanOut = createFanOut(parts);
  const presence = createPresenceExtension(parts);
  const compaction = createCompaction({ ...parts, timing: deps.leftovers ?? LEFTOVERS_TIMING });
  // Persistence comes before whatever shows a write to somebody: if that fails, the write is on its way all the same.
  const extensions: readonly Extension[] = [
    access,
    createLimits({ limits: deps.limits ?? DEFAULT_LIMITS, now }),
    createOpening(parts),
    createValidation(parts),
    createPersistence({ ...parts, line: () => updates?.connection() ?? pool }),
    fanOut,
    presence,
    createAcknowledgements(parts),
    createHeartbeat(parts),
    compaction,
    createHistory(deps),
  ];

  const sockets = createSocketHandler(parts);
  let people: Listener | null = null;
  let updates: Listener | null = null;

  return {
    async start() {
      people = await startListener({ pool, log, channels: [access.channel, presence.channel] });
      // A connection of its own: an append that waits for a lock must not hold up the word that access was lost.
      updates = await startListener({ pool, log, channels: [fanOut.channel] });
      thread.warm();
      await pipeline.start();
    },
    handleUpgrade: sockets.handleUpgrade,
    async routes(app) {
      await app.register(descriptionRoutes(parts));
      await app.register(writeRoute(parts));
    },
    compactNow: compaction.compactNow,
    async close() {
      await sockets.close();
      await pipeline.close();
      await Promise.all([people?.close(), updates?.close()]);
      await thread.close();
    },
  };
}
