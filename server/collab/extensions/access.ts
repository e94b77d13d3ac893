import type pino from 'pino';
import { z } from 'zod';
import { type AdmissionDeps, admit, readmit } from '../admission.ts';
import type { Connection } from '../connection.ts';
import type { Extension } from '../extension.ts';
import { deniedFrame, step1Frame } from '../frames.ts';
import { encodeClocks } from '../known-state.ts';
import { type Channel, readJson } from '../listener.ts';
import type { Room } from '../room.ts';
import type { Rooms } from '../rooms.ts';

/** Channel of the database's triggers: who may see what has changed. */
const ACCESS_CHANNEL = 'rejoin_access';

export interface AccessDeps extends AdmissionDeps {
  readonly rooms: Rooms;
  readonly log: pino.Logger;
}

export interface Access extends Extension {
  readonly channel: Channel;
}

const accessChange = z.union([
  z.object({ ticket_id: z.string() }),
  z.object({ user_id: z.string(), project_id: z.string() }),
]);

const DOWNGRADED = 'You can read this description, but no longer change it.';

/** Nobody announces that a session ended. */
const SESSIONS_MS = 30_000;

/** Knows who somebody is and in which role, and closes or downgrades their sockets when that changes (D8). */
export function createAccess(deps: AccessDeps): Access {
  const { rooms, log } = deps;
  let isChecking = false;

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

  const recheckAll = () => recheckWhere(() => true);

  async function recheckSessions(): Promise<void> {
    if (isChecking) return;
    isChecking = true;
    for (const room of rooms.all()) {
      for (const connection of [...room.connections]) {
        const admission = await admit(deps, connection.headers, room.ticketId).catch(unknown);
        if (admission?.kind === 'refused') connection.refuse(admission.reason);
        if (admission?.kind === 'admitted') setCanEdit(room, connection, admission.canEdit);
      }
    }
    isChecking = false;
  }

  /** A session that cannot be looked up now is looked up again next time. */
  function unknown(error: unknown): null {
    log.warn({ err: error }, 'A session of an open description could not be checked.');
    return null;
  }

  return {
    async admit(connection) {
      const admission = await admit(deps, connection.headers, connection.ticketId);
      if (admission.kind === 'refused') return admission.reason;
      connection.userId = admission.actor.userId;
      connection.name = admission.actor.name;
      connection.projectId = admission.projectId;
      connection.canEdit = admission.canEdit;
      return null;
    },
    channel: {
      name: ACCESS_CHANNEL,
      heard(payload) {
        const change = accessChange.safeParse(readJson(payload));
        if (!change.success) return recheckAll();
        const what = change.data;
        if ('ticket_id' in what) recheckWhere((room) => room.ticketId === what.ticket_id);
        else
          recheckWhere(
            (_, { userId, projectId }) => userId === what.user_id && projectId === what.project_id,
          );
      },
      missed: recheckAll,
    },
    every: [{ ms: SESSIONS_MS, run: recheckSessions }],
  };
}

function setCanEdit(room: Room, connection: Connection, canEdit: boolean): void {
  if (connection.canEdit === canEdit) return;
  connection.canEdit = canEdit;
  // Whoever may write again is asked for what was refused in the meantime.
  connection.send(canEdit ? step1Frame(encodeClocks(room.known.clocks)) : deniedFrame(DOWNGRADED));
}
