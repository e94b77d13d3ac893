import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConflictRow } from '../../server/review/rows.ts';
import type { Needs, Snapshot, UploadSession, UploadStore } from '../../server/upload/store.ts';
import type { Role } from '../../shared/permissions/can.ts';
import type { OpOutcome } from '../../shared/protocol/upload.ts';
import type { FieldName, Policy } from '../../shared/tickets/fields.ts';
import { changed, inserted, someActivity, someComment, someConflict, someTicket } from './upload-rows.ts';

/** A store, and what the rest of the server would have put beside it. */
export interface StoreBed {
  readonly store: UploadStore;
  givenProject(): Promise<string>;
  givenMember(projectId: string, role: Role): Promise<string>;
  givenPolicy(projectId: string, field: FieldName, policy: Policy): Promise<void>;
  close(): Promise<void>;
}

/** What `server/upload` relies on. Every store passes it, so that what holds over one holds over the other. */
export function uploadStoreContract(name: string, open: () => Promise<StoreBed>): void {
  describe(`the upload store contract: ${name}`, () => {
    let bed: StoreBed;
    let projectId: string;
    let ann: string;
    beforeAll(async () => {
      bed = await open();
      projectId = await bed.givenProject();
      ann = await bed.givenMember(projectId, 'admin');
    });
    afterAll(() => bed?.close());

    const write = (changes: Parameters<UploadSession['write']>[0]) =>
      bed.store.transaction((session) => session.write(changes));
    const load = (needs: Partial<Needs>): Promise<Snapshot> =>
      bed.store.transaction((session) => session.load({ ...NOTHING, userId: ann, ...needs }));
    const newTicket = () => someTicket(projectId, ann);

    async function givenTicket() {
      const ticket = newTicket();
      expect(await write(changed({ tickets: inserted(ticket) }))).toEqual({ ok: true });
      return ticket;
    }

    test('gives back what was written, in the same form', async () => {
      const ticket = await givenTicket();
      const comment = someComment(ticket);
      const label = { id: randomUUID(), project_id: projectId, name: `Label ${ticket.id}`, color: 'red' };
      const pair = {
        id: `${ticket.id}/${label.id}`,
        project_id: projectId,
        ticket_id: ticket.id,
        label_id: label.id,
      };
      await write(
        changed({ comments: inserted(comment), labels: inserted(label), ticketLabels: inserted(pair) }),
      );
      const found = await load({ ticketIds: [ticket.id], commentIds: [comment.id], labelIds: [label.id] });
      expect(found.tickets).toEqual([{ ...ticket, updated_at: expect.any(String) }]);
      expect(found.comments).toEqual([{ ...comment, updated_at: expect.any(String) }]);
      expect(found.labels).toEqual([label]);
      expect(found.ticketLabels).toEqual([pair]);
    });

    test('changes and removes rows that were written before', async () => {
      const ticket = await givenTicket();
      const comment = someComment(ticket);
      await write(changed({ comments: inserted(comment) }));
      const next = { ...ticket, revision: 2, values: { ...ticket.values, status: 'done', assignee_id: ann } };
      await write(
        changed({
          tickets: { inserted: [], updated: [next], deleted: [] },
          comments: { inserted: [], updated: [], deleted: [comment.id] },
        }),
      );
      const found = await load({ ticketIds: [ticket.id], commentIds: [comment.id] });
      expect(found.tickets[0]).toMatchObject({ revision: 2, values: { status: 'done', assignee_id: ann } });
      expect(found.comments).toEqual([]);
    });

    test('finds the tickets behind comments and conflicts', async () => {
      const [one, other] = [await givenTicket(), await givenTicket()];
      const [comment, conflict] = [someComment(one), someConflict(other, ann)];
      await write(changed({ comments: inserted(comment), conflicts: inserted(conflict) }));
      const found = await load({ commentIds: [comment.id], conflictIds: [conflict.id] });
      expect(found.tickets.map(({ id }) => id)).toEqual([one.id, other.id].sort());
    });

    test('gives open conflicts with their ticket, closed ones only by name; no value is a value (C12)', async () => {
      const ticket = await givenTicket();
      const open: ConflictRow = { ...someConflict(ticket, ann), proposed: null };
      const closed: ConflictRow = {
        ...someConflict(ticket, ann),
        state: 'resolved',
        resolved_by: ann,
        resolution: null,
      };
      await write(changed({ conflicts: inserted(open, closed) }));
      const withTicket = await load({ ticketIds: [ticket.id] });
      expect(withTicket.conflicts).toEqual([open]);
      const byName = await load({ ticketIds: [ticket.id], conflictIds: [closed.id] });
      expect(byName.conflicts.map(({ id }) => id).sort()).toEqual([open.id, closed.id].sort());
    });

    test('says who may do what: roles, members, names and the policies chosen', async () => {
      const bob = await bed.givenMember(projectId, 'viewer');
      await bed.givenPolicy(projectId, 'title', 'review');
      const ticket = await givenTicket();
      const found = await load({ ticketIds: [ticket.id] });
      expect(found.roles.get(projectId)).toBe('admin');
      expect(found.members.get(projectId)).toEqual(new Set([ann, bob]));
      expect([found.names.has(ann), found.names.has(bob)]).toEqual([true, true]);
      expect([...found.policies]).toEqual([[`${projectId}/title`, 'review']]);
      expect((await load({ userId: bob, projectIds: [projectId] })).roles.get(projectId)).toBe('viewer');
    });

    test('knows who wrote a field: the last whose edit was applied', async () => {
      const bob = await bed.givenMember(projectId, 'member');
      const ticket = await givenTicket();
      const line = (actor: string, outcome: string) => ({ ...someActivity(ticket, actor), outcome });
      await write(changed({ activity: [line(ann, 'applied')] }));
      await write(changed({ activity: [line(bob, 'applied'), line(ann, 'kept')] }));
      const found = await load({ ticketIds: [ticket.id], fields: ['title'] });
      expect(found.valueAuthors.get(`${ticket.id}/title`)).toBe(bob);
    });

    test('C17: counts the numbers given out, from none', async () => {
      const fresh = await bed.givenProject();
      await bed.givenMember(fresh, 'admin');
      const numbered = { numberedProjectIds: [fresh], projectIds: [fresh] };
      expect((await load(numbered)).lastNumbers.get(fresh)).toBe(0);
      const ticket = { ...someTicket(fresh, ann), number: 1 };
      await write(changed({ tickets: inserted(ticket), lastNumbers: new Map([[fresh, 1]]) }));
      expect((await load(numbered)).lastNumbers.get(fresh)).toBe(1);
    });

    test('delivers notices, and lets them be marked', async () => {
      const ticket = await givenTicket();
      const notice = {
        user_id: ann,
        project_id: projectId,
        ticket_id: ticket.id,
        kind: 'merged',
        detail: {},
      } as const;
      expect(await write(changed({ newNotices: [notice] }))).toEqual({ ok: true });
      expect((await load({ noticeIds: [randomUUID()] })).notices).toEqual([]);
    });

    test('C16: refuses what cannot stand as a whole, and takes what can in the same transaction', async () => {
      const ticket = await givenTicket();
      const other = newTicket();
      const nobody = { ...newTicket(), values: { ...other.values, assignee_id: 'nobody' } };
      const label = { id: randomUUID(), project_id: projectId, name: 'Twice', color: 'red' };
      await write(changed({ labels: inserted(label) }));
      await bed.store.transaction(async (session) => {
        const refused = [
          await session.write(changed({ tickets: inserted(other, ticket) })),
          await session.write(changed({ tickets: inserted(nobody) })),
          await session.write(changed({ labels: inserted({ ...label, id: randomUUID(), name: 'TWICE' }) })),
          await session.write(changed({ comments: inserted(someComment(newTicket())) })),
        ];
        expect(refused.map(({ ok }) => ok)).toEqual([false, false, false, false]);
        expect(await session.write(changed({ comments: inserted(someComment(ticket)) }))).toEqual({
          ok: true,
        });
      });
      expect((await load({ ticketIds: [other.id, nobody.id] })).tickets).toEqual([]);
    });

    test('says what it would write, and writes nothing of it', async () => {
      const ticket = newTicket();
      const would = await bed.store.transaction((session) =>
        session.wouldWrite(changed({ tickets: inserted(ticket) })),
      );
      expect(would).toEqual({ ok: true });
      expect((await load({ ticketIds: [ticket.id] })).tickets).toEqual([]);
    });

    test('C14: a transaction that fails leaves neither its rows nor its answers', async () => {
      const ticket = newTicket();
      const device = { userId: ann, deviceId: randomUUID() };
      const failing = bed.store.transaction(async (session) => {
        await session.write(changed({ tickets: inserted(ticket) }));
        await session.record(device, [answer(1)]);
        throw new Error('The power went.');
      });
      await expect(failing).rejects.toThrow('The power went.');
      expect((await load({ ticketIds: [ticket.id] })).tickets).toEqual([]);
      expect(await answersOf(device, [1])).toEqual([]);
    });

    test('C14: keeps the answers of each person’s device apart, and none twice', async () => {
      const device = { userId: ann, deviceId: randomUUID() };
      const kept = {
        ...answer(7),
        outcome: 'review' as const,
        reason: 'Because.',
        conflict_id: randomUUID(),
      };
      await bed.store.transaction((session) => session.record(device, [answer(6), kept]));
      expect(await answersOf(device, [6, 7, 8])).toEqual([answer(6), kept]);
      expect(await answersOf({ ...device, deviceId: randomUUID() }, [6, 7])).toEqual([]);
      expect(await answersOf({ ...device, userId: 'another' }, [6, 7])).toEqual([]);
      await expect(bed.store.transaction((session) => session.record(device, [answer(6)]))).rejects.toThrow();
    });

    test('C14: two uploads of one device run one after the other', async () => {
      const device = { userId: ann, deviceId: randomUUID() };
      const order: string[] = [];
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      let entered = () => {};
      const inside = new Promise<void>((resolve) => {
        entered = resolve;
      });
      const first = bed.store.transaction(async (session) => {
        await session.answered(device, [1]);
        entered();
        await held;
        await session.record(device, [answer(1)]);
        order.push('first');
      });
      await inside;
      const second = bed.store.transaction(async (session) => {
        const found = await session.answered(device, [1]);
        order.push('second');
        return [...found.values()];
      });
      release();
      await first;
      expect(await second).toEqual([answer(1)]);
      expect(order).toEqual(['first', 'second']);
    });

    const answersOf = (device: { userId: string; deviceId: string }, opIds: number[]) =>
      bed.store.transaction(async (session) => [...(await session.answered(device, opIds)).values()]);
  });
}

const answer = (opId: number): OpOutcome => ({ op_id: opId, outcome: 'applied', reason: null });

const NOTHING: Needs = {
  userId: '',
  projectIds: [],
  ticketIds: [],
  commentIds: [],
  labelIds: [],
  labelProjectIds: [],
  conflictIds: [],
  noticeIds: [],
  descriptionReviewIds: [],
  fields: [],
  numberedProjectIds: [],
};
