import type pino from 'pino';
import { z } from 'zod';
import { type AdmissionDeps, admit, readmit } from './admission.ts';
import type { Connection } from './connection.ts';
import { deniedFrame, step1Frame } from './frames.ts';
import { encodeClocks } from './known-state.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';

/** Channel of the database's triggers: who may see what has changed. */
export const ACCESS_CHANNEL = 'rejoin_access';

export interface AccessGuardDeps extends AdmissionDeps {
  readonly rooms: Rooms;
  readonly log: pino.Logger;
}

/** Closes or downgrades sockets whose right to be there has changed (D8). */
export interface AccessGuard {
  /** A notification of {@link ACCESS_CHANNEL}. */
  changed(payload: string): void;
  /** Judges everybody again, after notifications were missed. */
  recheckAll(): void;
  /** Looks whether sessions still stand: nobody announces that one ended. */
  recheckSessions(): Promise<void>;
}

const accessChange = z.union([
  z.object({ ticket_id: z.string() }),
  z.object({ user_id: z.string(), project_id: z.string() }),
]);

const DOWNGRADED = 'You can read this description, but no longer change it.';

export function createAccessGuard(deps: AccessGuardDeps): AccessGuard {
  const { rooms, log } = deps;

  async function recheck(room: Room, connection: Connection): Promise<void> {
    try {
      const admission = await readmit(deps, connection.userId, room.ticketId);
      if (admission.kind === 'refused') connection.refuse(admission.reason);
      else setCanEdit(room, connection, admission.canEdit);
    } catch (error) {
      // Whoever cannot be judged must not stay: they come back and are judged then.
      log.warn({ err: error, ticketId: room.ticketId }, 'Access to a description could not be checked.');
      connection.closeForRetry();
    }
  }

  function recheckWhere(isMeant: (room: Room, connection: Connection) => boolean): void {
    for (const room of rooms.all()) {
      for (const connection of room.connections)
        if (isMeant(room, connection)) void recheck(room, connection);
    }
  }

  return {
    changed(payload) {
      const change = accessChange.safeParse(parseJson(payload));
      if (!change.success) return recheckWhere(() => true);
      const what = change.data;
      if ('ticket_id' in what) recheckWhere((room) => room.ticketId === what.ticket_id);
      else
        recheckWhere((_, { userId, projectId }) => userId === what.user_id && projectId === what.project_id);
    },
    recheckAll: () => recheckWhere(() => true),
    async recheckSessions() {
      for (const room of rooms.all()) {
        for (const connection of [...room.connections]) {
          const admission = await admit(deps, connection.headers, room.ticketId).catch(() => null);
          if (admission?.kind === 'refused') connection.refuse(admission.reason);
          if (admission?.kind === 'admitted') setCanEdit(room, connection, admission.canEdit);
        }
      }
    },
  };
}

function setCanEdit(room: Room, connection: Connection, canEdit: boolean): void {
  if (connection.canEdit === canEdit) return;
  connection.canEdit = canEdit;
  // Whoever may write again is asked for what was refused in the meantime.
  connection.send(canEdit ? step1Frame(encodeClocks(room.known.clocks)) : deniedFrame(DOWNGRADED));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
