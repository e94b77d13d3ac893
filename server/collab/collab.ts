import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import type pg from 'pg';
import type pino from 'pino';
import type { Registry } from 'prom-client';
import type { Actors } from '../auth/actors.ts';
import { ACCESS_CHANNEL, createAccessGuard } from './access-guard.ts';
import { createOpener } from './answer-opening.ts';
import { createCompactor } from './compactor.ts';
import { createContent } from './content.ts';
import { descriptionRoutes } from './description-routes.ts';
import { createDocumentThread } from './document-thread.ts';
import { createHeartbeat } from './heartbeat.ts';
import { deletesOf } from './judge.ts';
import { createLeftovers, LEFTOVERS_TIMING, type LeftoversTiming } from './leftovers.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { type Listener, startListener } from './listener.ts';
import { createCollabMetrics } from './metrics.ts';
import { createOtherNodes } from './other-nodes.ts';
import { createPersistence } from './persistence.ts';
import { createPresenceExchange, PRESENCE_CHANNEL } from './presence-exchange.ts';
import { type Room, resetUncompacted } from './room.ts';
import { createRooms, type Rooms } from './rooms.ts';
import { createSocketHandler } from './socket-handler.ts';
import { UPDATES_CHANNEL } from './store.ts';
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
 * The description service: everything behind `/collab/<ticket id>`, and descriptions read and written over HTTP.
 *
 * What a frame passes, in this order, a small part each:
 *  1. who it is and in which role (admission.ts, and access-guard.ts while it stays);
 *  2. how much it may send (limits.ts), one frame after another (inbox.ts, frames.ts);
 *  3. whether it is whole, new and without a gap (judge.ts, on state vectors: no Y.Doc on this path);
 *  4. to the others in the room (room.ts), at once, and to the log in a group commit (persistence.ts);
 *  5. the word that it is durable (acknowledgement.ts), and what it means for who was apart (meeting.ts).
 * Presence goes its own way (presence.ts, between nodes presence-exchange.ts). Folding the log (compactor.ts) and
 * everything else that needs a Y.Doc happens on a worker thread, later.
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
  const { pool, log, node, now } = deps;
  const metrics = createCollabMetrics(deps.registry);
  const thread = createDocumentThread({ log });
  const compactor = createCompactor({ pool, thread, metrics, log });
  const exchange = createPresenceExchange({ pool, node, log, now, rooms: () => rooms });
  const rooms: Rooms = createRooms({
    pool,
    metrics,
    readDeletes: (snapshot) => deletesOf(thread, snapshot),
    onOpened: (room) => exchange.ask(room),
    onLeft: (room, entries) => exchange.show(room, entries),
    onReleased: compact,
  });
  const queue = createPersistence({
    ...deps,
    metrics,
    compact,
    rooms: () => rooms,
    line: () => updatesListener?.connection() ?? pool,
  });
  const content = createContent({ pool, rooms, thread, metrics, now, store: queue.push });
  const answerStep1 = createOpener({ pool, thread });
  const guard = createAccessGuard({ ...deps, rooms });
  const otherNodes = createOtherNodes({ pool, node, rooms, log });
  const heartbeat = createHeartbeat({ rooms, guard, exchange, log, now, compact });
  const timing = deps.leftovers ?? LEFTOVERS_TIMING;
  const leftovers = createLeftovers({
    pool,
    log,
    timing,
    isWritten: (ticketId) => (rooms.get(ticketId)?.uncompacted.rows ?? 0) > 0,
    compact: compactor.request,
  });
  const limits = deps.limits ?? DEFAULT_LIMITS;
  const sockets = createSocketHandler({ ...deps, limits, rooms, content, answerStep1, exchange, metrics });
  let accessListener: Listener | null = null;
  let updatesListener: Listener | null = null;

  function compact(room: Room): void {
    if (room.uncompacted.rows === 0) return;
    resetUncompacted(room, now());
    compactor.request(room.ticketId);
  }

  return {
    async start() {
      accessListener = await startListener({
        pool,
        log,
        channels: [ACCESS_CHANNEL, PRESENCE_CHANNEL],
        onNotification(channel, payload) {
          if (channel === ACCESS_CHANNEL) guard.changed(payload);
          else exchange.heard(payload);
        },
        onRestored: guard.recheckAll,
      });
      // A connection of its own: an append that waits for a lock must not hold up the word that access was lost.
      updatesListener = await startListener({
        pool,
        log,
        channels: [UPDATES_CHANNEL],
        onNotification: (_, payload) => otherNodes.announced(payload),
        onRestored: otherNodes.catchUp,
      });
      exchange.announce();
      heartbeat.start();
      thread.warm();
      await leftovers.start();
    },
    handleUpgrade: sockets.handleUpgrade,
    async routes(app) {
      await app.register(descriptionRoutes({ pool, actors: deps.actors, thread }));
      await app.register(writeRoute({ ...deps, rooms, content }));
    },
    compactNow: compactor.compactNow,
    async close() {
      heartbeat.stop();
      leftovers.stop();
      await sockets.close();
      await queue.drained();
      await compactor.drained();
      await Promise.all([accessListener?.close(), updatesListener?.close()]);
      await thread.close();
    },
  };
}
