import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RowWrite } from '../../client/local-db/windows/row-write.ts';
import type { FieldValue } from '../../shared/tickets/fields.ts';

/** One entry of an upload queue, in the words that both clients share. */
export interface WaitingOp {
  readonly opId: number;
  readonly txId: number;
  readonly op: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly old: Readonly<Record<string, unknown>>;
}

export type TicketValues = Readonly<Record<string, FieldValue>>;

/** A device and its server, as the contract needs them: tickets only, of one project that the device may see. */
export interface ClientBed {
  readonly projectId: string;
  /** One client transaction; false when a row to change is not there, and then nothing is done. */
  commit(writes: readonly RowWrite[]): Promise<boolean>;
  ticket(id: string): Promise<TicketValues | undefined>;
  waiting(): Promise<readonly WaitingOp[]>;
  /** Somebody else's edit: resolves when the device has received it, shown or not. */
  serverStores(id: string, values: TicketValues): Promise<void>;
  /** The server answers all that waits, having stored this. */
  answerAll(id: string, values: TicketValues): Promise<void>;
  discard(opId: number, rowId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** What the simulation takes for granted of PowerSync. Run on the simulated queue and on the real SDK. */
export function clientQueueContract(name: string, open: () => Promise<ClientBed>): void {
  describe(`the client queue contract: ${name}`, () => {
    let bed: ClientBed;
    beforeAll(async () => {
      bed = await open();
    });
    afterAll(() => bed?.close());

    const update = (id: string, values: TicketValues): RowWrite => ({
      kind: 'update',
      table: 'tickets',
      id,
      values,
    });
    const shows = (id: string, values: TicketValues) =>
      expect.poll(() => bed.ticket(id), { timeout: 10_000, interval: 20 }).toMatchObject(values);

    /** A ticket that the device has, with nothing waiting. */
    async function givenTicket(values: TicketValues = {}): Promise<string> {
      const id = randomUUID();
      await bed.serverStores(id, { ...A_TICKET, ...values });
      await shows(id, { title: 'A' });
      return id;
    }

    async function opsOf(id: string): Promise<readonly WaitingOp[]> {
      return (await bed.waiting()).filter((op) => op.id === id);
    }

    test('queues a new row whole, without what is empty, and without a word on what was before', async () => {
      const id = randomUUID();
      const values = { project_id: bed.projectId, title: 'New', status: 'todo', assignee_id: null };
      await bed.commit([{ kind: 'insert', table: 'tickets', id, values }]);
      const [op] = await opsOf(id);
      expect(op).toMatchObject({ op: 'PUT', old: {} });
      expect(op?.data).toEqual({ project_id: bed.projectId, title: 'New', status: 'todo' });
      await bed.answerAll(id, { ...A_TICKET, title: 'New' });
      await shows(id, { title: 'New', priority: 'none' });
    });

    test('C4: queues only the columns that changed, with the local values before', async () => {
      const id = await givenTicket();
      await bed.commit([update(id, { title: 'B', status: 'todo' })]);
      expect(await opsOf(id)).toMatchObject([{ op: 'PATCH', data: { title: 'B' }, old: { title: 'A' } }]);
      expect(Object.keys((await opsOf(id))[0]?.data ?? {})).toEqual(['title']);
      expect(Object.keys((await opsOf(id))[0]?.old ?? {})).toEqual(['title']);
      await bed.answerAll(id, { title: 'B' });
    });

    test('queues nothing when nothing changes, and nothing of a transaction whose row is gone', async () => {
      const id = await givenTicket();
      expect(await bed.commit([update(id, { title: 'A' })])).toBe(true);
      expect(await bed.commit([update(id, { title: 'B' }), update(randomUUID(), { title: 'C' })])).toBe(
        false,
      );
      expect(await bed.waiting()).toEqual([]);
      expect(await bed.ticket(id)).toMatchObject({ title: 'A' });
    });

    test('C2: says of each step what stood on the device, not on the server', async () => {
      const id = await givenTicket();
      for (const title of ['B', 'C', 'A']) await bed.commit([update(id, { title })]);
      const steps = (await opsOf(id)).map(({ old, data }) => [old.title, data.title]);
      expect(steps).toEqual([
        ['A', 'B'],
        ['B', 'C'],
        ['C', 'A'],
      ]);
      await bed.answerAll(id, {});
    });

    test('C14, C16: numbers ops upwards for ever, and those of one transaction belong together', async () => {
      const id = await givenTicket();
      await bed.commit([update(id, { title: 'B' }), update(id, { status: 'done' })]);
      await bed.commit([update(id, { title: 'C' })]);
      const first = await opsOf(id);
      expect(new Set(first.map(({ txId }) => txId)).size).toBe(2);
      expect(first[0]?.txId).toBe(first[1]?.txId);
      await bed.answerAll(id, { title: 'C', status: 'done' });
      await bed.commit([update(id, { title: 'D' })]);
      const opIds = [...first, ...(await opsOf(id))].map(({ opId }) => opId);
      expect(opIds).toEqual([...new Set(opIds)].sort((a, b) => a - b));
      await bed.answerAll(id, { title: 'D' });
    });

    test('queues the end of a row with all that it held', async () => {
      const id = await givenTicket({ estimate: 2.5 });
      await bed.commit([{ kind: 'delete', table: 'tickets', id }]);
      expect(await bed.ticket(id)).toBeUndefined();
      const [op] = await opsOf(id);
      expect(op).toMatchObject({ op: 'DELETE', old: { title: 'A', estimate: 2.5 } });
      await bed.answerAll(id, {});
      // The server did not delete it, so it comes back.
      await shows(id, { title: 'A' });
    });

    test('I1: shows nothing new while anything waits, and all of it once that is answered', async () => {
      const [id, other] = [await givenTicket(), await givenTicket()];
      await bed.commit([update(id, { title: 'B' })]);
      await bed.serverStores(other, { title: 'Theirs' });
      await bed.serverStores(id, { estimate: 5 });
      expect(await bed.ticket(other)).toMatchObject({ title: 'A' });
      expect(await bed.ticket(id)).toMatchObject({ title: 'B', estimate: null });
      await bed.answerAll(id, { title: 'B' });
      await shows(id, { title: 'B', estimate: 5 });
      await shows(other, { title: 'Theirs' });
    });

    test('I1: gives up its own value when the server answers with another', async () => {
      const id = await givenTicket();
      await bed.commit([update(id, { status: 'in_progress' })]);
      await bed.answerAll(id, { status: 'done' });
      await shows(id, { status: 'done' });
    });

    test('C2: discarding a step leaves no trace of it, in the row or in what follows', async () => {
      const id = await givenTicket();
      await bed.commit([update(id, { title: 'B', estimate: 3 })]);
      await bed.commit([update(id, { title: 'C' })]);
      const [first] = await opsOf(id);
      expect(await bed.discard(first?.opId ?? 0, id)).toBe(true);
      expect(await opsOf(id)).toMatchObject([{ data: { title: 'C' }, old: { title: 'A' } }]);
      expect(await bed.ticket(id)).toMatchObject({ title: 'C', estimate: null });
      await bed.answerAll(id, { title: 'C' });
    });
  });
}

const A_TICKET: TicketValues = { title: 'A', status: 'todo', priority: 'none', estimate: null };
