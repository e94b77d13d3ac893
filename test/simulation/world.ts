import type * as Y from 'yjs';
import { createEdits, type Edits } from '../../client/local-db/edits.ts';
import type { RowWrite } from '../../client/local-db/windows/row-write.ts';
import type { Role } from '../../shared/permissions/can.ts';
import type { Op, OpOutcome } from '../../shared/protocol/upload.ts';
import type { ServerDescription } from './descriptions.ts';
import { createDeviceQueue, type DeviceQueue } from './device-queue.ts';
import type { Random } from './random.ts';
import type { SimulatedServer } from './server.ts';

/** Everything of one simulation. Only the steps change it, and only by chance of `random`. */
export interface World {
  readonly random: Random;
  readonly clock: Clock;
  readonly projectId: string;
  readonly server: SimulatedServer;
  readonly userIds: readonly [string, ...string[]];
  readonly devices: readonly [Device, ...Device[]];
  /** What was sent, given up by its sender, and may arrive yet. */
  readonly late: LateMessage[];
  readonly descriptions: Map<string, ServerDescription>;
  /** What people wrote, for the checks. */
  readonly written: WrittenOp[];
  readonly roleChanges: RoleChange[];
  /** Numbers what people write, so that every text is found again. */
  readonly nextText: (of: string) => string;
}

export interface Clock {
  now(): Date;
  advance(ms: number): void;
}

export interface LateMessage {
  readonly what: string;
  arrive(): Promise<void>;
}

export interface WrittenOp {
  readonly op: Op;
  readonly userId: string;
  readonly deviceId: string;
  discarded: boolean;
}

/** A person's role from this many lines of activity on. */
export interface RoleChange {
  readonly userId: string;
  readonly role: Role | null;
  readonly fromLine: number;
}

/** One person's device: what it shows, what waits, what it was answered. */
export interface Device {
  readonly id: string;
  readonly userId: string;
  readonly queue: DeviceQueue;
  /** The edits that the real screens make. */
  readonly edits: Edits;
  /** Several rows in one client transaction, or values as other programs write them. */
  commit(writes: readonly RowWrite[]): boolean;
  online: boolean;
  /** By op: what the outbox shows of it. */
  readonly answers: Map<number, OpOutcome>;
  readonly descriptions: Map<string, Y.Doc>;
}

interface DeviceDeps {
  readonly id: string;
  readonly userId: string;
  readonly newId: () => string;
  /** The device's own clock, which may be years off. */
  readonly now: () => Date;
  readonly written: WrittenOp[];
}

export function createDevice({ id, userId, newId, now, written }: DeviceDeps): Device {
  const queue = createDeviceQueue();
  let recorded = 0;
  const commit = (writes: readonly RowWrite[]): boolean => {
    const metadata = JSON.stringify({ made_at: now().toISOString() });
    const committed = queue.commit(writes, metadata);
    for (const { txId, ops } of queue.waiting()) {
      if (txId <= recorded) continue;
      recorded = txId;
      written.push(...ops.map((op) => ({ op, userId, deviceId: id, discarded: false })));
    }
    return committed;
  };
  const edits = createEdits({
    commit: async (writes) => (commit(writes) ? { ok: true } : { ok: false, reason: 'The row is gone.' }),
    userId,
    newId,
    now,
  });
  return { id, userId, queue, edits, commit, online: true, answers: new Map(), descriptions: new Map() };
}
