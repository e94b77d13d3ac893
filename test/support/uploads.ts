import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import type pg from 'pg';
import pino from 'pino';
import { type Actors, createActors } from '../../server/auth/actors.ts';
import { answerErrors } from '../../server/http/errors.ts';
import { policyRoutes } from '../../server/review/policy-routes.ts';
import { ticketRoutes } from '../../server/tickets/routes.ts';
import { uploadRoutes } from '../../server/upload/routes.ts';
import { type OpOutcome, uploadResponse } from '../../shared/protocol/upload.ts';
import type { GivenPerson } from './builders.ts';

/** An op as a test writes it; its id is given when it is sent. */
export interface TestOp {
  readonly op: string;
  readonly type: string;
  readonly id: string;
  readonly data?: Record<string, unknown>;
  readonly old?: Record<string, unknown>;
  readonly metadata?: string;
}

/** A device that numbers its ops as PowerSync does, and uploads them in client transactions. */
export interface TestDevice {
  readonly id: string;
  /** Uploads each op as a client transaction of its own. */
  send(...ops: TestOp[]): Promise<OpOutcome[]>;
  /** Uploads transactions of several ops. */
  sendTransactions(...transactions: TestOp[][]): Promise<OpOutcome[]>;
  /** The last upload once more, byte for byte, as after a lost reply. */
  repeat(): Promise<OpOutcome[]>;
}

/** The real routes with the real store; only sessions are replaced: a header names the person. */
export async function uploadApp(
  pool: pg.Pool,
  more: readonly FastifyPluginAsync[] = [],
): Promise<FastifyInstance> {
  const app = Fastify();
  answerErrors(app);
  const actors = actorsByHeader(pool);
  await app.register(uploadRoutes({ pool, actors, log: pino({ level: 'silent' }) }));
  await app.register(ticketRoutes({ pool, actors }));
  await app.register(policyRoutes({ pool, actors }));
  for (const routes of more) await app.register(routes);
  await app.ready();
  return app;
}

export function actorsByHeader(pool: pg.Pool): Actors {
  return createActors({ pool, userOf: async (headers) => headers['x-person']?.toString() || null });
}

export function givenDevice(app: FastifyInstance, person: GivenPerson, id: string): TestDevice {
  let lastOpId = 0;
  let lastBody: object = {};
  async function post(): Promise<OpOutcome[]> {
    const response = await app.inject({
      method: 'POST',
      url: '/api/upload',
      headers: { 'x-person': person.id },
      payload: lastBody,
    });
    if (response.statusCode !== 200)
      throw new Error(`Upload answered ${response.statusCode}: ${response.body}`);
    return uploadResponse.parse(response.json()).outcomes;
  }
  async function sendTransactions(...transactions: TestOp[][]): Promise<OpOutcome[]> {
    lastBody = {
      device_id: id,
      transactions: transactions.map((ops, index) => ({
        tx_id: index + 1,
        ops: ops.map((op) => {
          lastOpId += 1;
          return { op_id: lastOpId, tx_id: index + 1, ...op };
        }),
      })),
    };
    return post();
  }
  return { id, sendTransactions, send: (...ops) => sendTransactions(...ops.map((op) => [op])), repeat: post };
}

/** An edit of ticket fields as PowerSync queues it: changed columns, and what stood there locally. */
export const patch = (
  ticketId: string,
  data: Record<string, unknown>,
  old?: Record<string, unknown>,
): TestOp => ({ op: 'PATCH', type: 'tickets', id: ticketId, data, ...(old && { old }) });

/** An answer to a conflict as a device queues it. */
export const resolution = (conflictId: string | undefined, value: unknown, seeing: unknown): TestOp => ({
  op: 'PATCH',
  type: 'conflicts',
  id: conflictId ?? 'none',
  data: {
    state: 'resolved',
    resolution: JSON.stringify(value),
    resolved_seeing: JSON.stringify(seeing),
  },
});
