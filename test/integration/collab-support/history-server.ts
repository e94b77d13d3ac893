import Fastify, { type FastifyInstance } from 'fastify';
import pino from 'pino';
import { createHistory, type History } from '../../../server/history/history.ts';
import { answerErrors } from '../../../server/http/errors.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { actorsByHeader } from '../../support/uploads.ts';
import { type CollabServer, startCollabServer } from './collab-server.ts';
import { createWorld, type World } from './world.ts';

/** The history of descriptions and all that it works with, on a database of its own. */
export interface HistoryServer {
  readonly database: TestDatabase;
  readonly world: World;
  readonly history: History;
  readonly server: CollabServer;
  /** Answers the routes of the history. */
  readonly app: FastifyInstance;
  stop(): Promise<void>;
}

export async function startHistoryServer(clock = () => new Date()): Promise<HistoryServer> {
  const database = await createTestDatabase();
  const world = await createWorld(database.pool);
  const history = createHistory({
    pool: database.pool,
    actors: actorsByHeader(database.pool),
    log: pino({ level: process.env.HISTORY_TEST_LOG ?? 'silent' }),
    clock,
    newId: () => crypto.randomUUID(),
  });
  const server = await startCollabServer(database.pool, { onMet: history.met });
  const app = Fastify();
  answerErrors(app);
  await app.register(history.routes);
  return {
    database,
    world,
    history,
    server,
    app,
    async stop() {
      await server.close();
      await app.close();
      await history.stop();
      await database.drop();
    },
  };
}
