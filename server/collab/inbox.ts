import type pino from 'pino';
import type { Connection } from './connection.ts';
import type { Room } from './room.ts';

/** One connection's frames, handled in the order they came, also while one of them waits for the database. */
export interface Inbox {
  push(frame: Uint8Array): void;
  /** The socket is closed: nothing more is handled; `leave` is called with the room, if it was entered. */
  close(leave: (room: Room) => void): void;
}

export interface InboxDeps {
  /** Comes before the first frame; null ends the connection. */
  prepare(): Promise<Room | null>;
  handle(room: Room, connection: Connection, frame: Uint8Array): void | Promise<void>;
  readonly log: pino.Logger;
}

export function createInbox(connection: Connection, { prepare, handle, log }: InboxDeps): Inbox {
  const waiting: Uint8Array[] = [];
  let room: Room | null = null;
  let isBusy = true;

  function fail(error: unknown): void {
    log.error({ err: error, ticketId: connection.ticketId }, 'A description could not be served.');
    connection.closeForRetry();
  }

  function drain(entered: Room): void {
    isBusy = true;
    for (let frame = waiting.shift(); frame !== undefined; frame = waiting.shift()) {
      if (!connection.isOpen) break;
      const done = attempt(entered, frame);
      if (done) {
        done.catch(fail).finally(() => drain(entered));
        return;
      }
    }
    isBusy = false;
  }

  function attempt(entered: Room, frame: Uint8Array): void | Promise<void> {
    try {
      return handle(entered, connection, frame);
    } catch (error) {
      fail(error);
    }
  }

  const prepared = prepare().then((entered) => {
    room = entered;
    if (entered) drain(entered);
  });
  prepared.catch(fail);

  return {
    push(frame) {
      waiting.push(frame);
      if (room && !isBusy) drain(room);
    },
    close(leave) {
      waiting.length = 0;
      prepared.then(
        () => room && leave(room),
        () => undefined,
      );
    },
  };
}
