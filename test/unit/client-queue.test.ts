import { randomUUID } from 'node:crypto';
import { clientQueueContract } from '../contract/client-queue.ts';
import { createDeviceQueue } from '../simulation/device-queue.ts';
import type { Row } from '../simulation/view.ts';

clientQueueContract('the simulated one', async () => {
  const projectId = randomUUID();
  const queue = createDeviceQueue();
  const server = new Map<string, Row>();
  let version = 0;
  const store = (id: string, values: Row): void => {
    const before = server.get(id) ?? { id, project_id: projectId };
    server.set(id, { ...before, ...values });
    version += 1;
    queue.receive({ version, view: new Map([['tickets', new Map(server)]]) });
  };
  return {
    projectId,
    commit: async (writes) => queue.commit(writes),
    ticket: async (id) => queue.row('tickets', id),
    waiting: async () =>
      queue.waiting().flatMap(({ txId, ops }) =>
        ops.map((op) => ({
          txId,
          opId: op.op_id,
          op: op.op,
          id: op.id,
          data: op.data ?? {},
          old: op.old ?? {},
        })),
      ),
    serverStores: async (id, values) => store(id, values),
    async answerAll(id, values) {
      queue.complete(Number.POSITIVE_INFINITY);
      store(id, values);
      queue.writeCheckpoint(version);
    },
    discard: async (opId) => queue.discard(opId).length > 0,
    close: async () => undefined,
  };
});
