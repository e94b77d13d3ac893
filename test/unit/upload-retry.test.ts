import { describe, expect, test } from 'vitest';
import { parseUpload } from '../../server/upload/parse.ts';
import { PassingFault, type UploadStore } from '../../server/upload/store.ts';
import { upload } from '../../server/upload/upload.ts';
import { emptyTables } from '../fakes/memory-tables.ts';
import { createMemoryUploadStore } from '../fakes/memory-upload-store.ts';

const PROJECT = '00000000-0000-4000-8000-000000000001';
const TICKET = '00000000-0000-4000-8000-00000000000a';

/** A store whose first transactions do all their work and then fail, as on a deadlock found at the last moment. */
function givenStore(faults: number) {
  const tables = emptyTables();
  tables.members.set(PROJECT, new Map([['ann', 'member']]));
  tables.profiles.set('ann', 'Ann');
  const store = createMemoryUploadStore(tables, () => 'a notice');
  let left = faults;
  const failing: UploadStore = {
    transaction: (work) =>
      store.transaction(async (session) => {
        const result = await work(session);
        if (left === 0) return result;
        left -= 1;
        throw new PassingFault('Two uploads waited for each other.');
      }),
  };
  return { tables, store: failing };
}

function uploadNewTicket(store: UploadStore, waits: number[]) {
  const data = { project_id: PROJECT, title: 'New' };
  return uploadOps(store, [{ op_id: 1, op: 'PUT', type: 'tickets', id: TICKET, data }], waits);
}

function uploadOps(store: UploadStore, ops: readonly object[], waits: number[] = [], deviceId = 'a device') {
  const transactions = ops.map((op) => ({ ops: [op] }));
  const reading = parseUpload({ device_id: deviceId, transactions });
  if (!reading.ok) throw new Error(reading.reason);
  const deps = {
    store,
    clock: () => new Date(0),
    newId: () => 'a conflict',
    wait: async (ms: number) => void waits.push(ms),
    log: { warn: () => undefined },
  };
  return upload(deps, { userId: 'ann', name: 'Ann', roles: new Map() }, reading.upload);
}

describe('an upload that meets passing faults', () => {
  test('C14: is tried again within the request, each time later, and takes effect once', async () => {
    const { tables, store } = givenStore(3);
    const waits: number[] = [];
    const outcomes = await uploadNewTicket(store, waits);
    expect(outcomes).toEqual([{ op_id: 1, outcome: 'applied', reason: null }]);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits).toHaveLength(3);
    expect(tables.activity).toHaveLength(1);
    expect(tables.lastNumbers.get(PROJECT)).toBe(1);
  });

  test('C14: is given back to its device when trying again does not help, with nothing applied', async () => {
    const { tables, store } = givenStore(1_000);
    await expect(uploadNewTicket(store, [])).rejects.toThrow(PassingFault);
    expect([tables.tickets.size, tables.activity.length, tables.ledger.size]).toEqual([0, 0, 0]);
  });
});

test('C14: a copy of an upload that arrives late does not undo what happened since', async () => {
  const { tables, store } = givenStore(0);
  await uploadNewTicket(store, []);
  const edit = (title: string, old: string) => {
    return { op_id: 2, op: 'PATCH', type: 'tickets', id: TICKET, data: { title }, old: { title: old } };
  };
  const answers = await uploadOps(store, [edit('Mine', 'New')]);
  await uploadOps(store, [edit('Theirs', 'Mine')], [], 'another device');
  expect(await uploadOps(store, [edit('Mine', 'New')])).toEqual(answers);
  expect(tables.tickets.get(TICKET)).toMatchObject({ revision: 3, values: { title: 'Theirs' } });
  expect(tables.activity).toHaveLength(3);
});
