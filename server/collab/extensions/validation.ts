import type pg from 'pg';
import type { CloseReason } from '../../../shared/protocol/close-codes.ts';
import type { Connection } from '../connection.ts';
import type { DocumentThread } from '../document-thread.ts';
import type { Arrival, Extension } from '../extension.ts';
import { type ContentFrame, deniedFrame, step1Frame, updateFrame } from '../frames.ts';
import { deletesOf, isLong, judgeHere, judgeOnThread, type Verdict } from '../judge.ts';
import type { UpdateParts, Usable } from '../judge-update.ts';
import { encodeClocks } from '../known-state.ts';
import { type MetUpdate, meetingAt } from '../meeting.ts';
import type { CollabMetrics } from '../metrics.ts';
import type { Pipeline } from '../pipeline.ts';
import { type Room, takeDeletes, takeParts } from '../room.ts';
import { raiseSchemaVersion, readState } from '../store.ts';

export interface ValidationDeps {
  readonly pool: pg.Pool;
  readonly thread: DocumentThread;
  readonly metrics: CollabMetrics;
  readonly now: () => number;
  readonly pipeline: Pick<Pipeline, 'accepted'>;
}

interface Opened extends Arrival {
  /** Of a connection's first step 2: how far the client's copy went when it came. */
  readonly opened: Connection['opened'];
}

const READ_ONLY = 'You can read this description, but not change it. Your change was not stored.';
const INCOMPLETE = 'Part of your copy builds on text that nobody has sent yet. That part was not stored.';

/** An update without structs and deletions. */
const isEmpty = (update: Uint8Array): boolean => update.length <= 2;

/** Judges what clients write: whether it is whole, new and without a gap, and whether they may (D7, D8, D9). */
export function createValidation(deps: ValidationDeps): Extension {
  const { pool, thread, metrics, now, pipeline } = deps;

  /** Returns at once but for the rare frame that has to wait for the database or for a long read. */
  function receive(
    room: Room,
    connection: Connection,
    { kind, update }: ContentFrame,
    bytes: Uint8Array,
  ): void | Promise<void> {
    const number = connection.acknowledgement.next();
    const opened = kind === 'step2' ? takeOpened(connection) : null;
    const arrival = { room, connection, kind, update, bytes, number, opened };
    const needsDeletes = !isEmpty(update) && (kind === 'step2' || !connection.canEdit);
    const isLate = needsDeletes && !room.knowsDeletes;
    return isLate || isLong(update) ? receiveLate(arrival) : follow(judgeHere(room.known, update), arrival);
  }

  async function receiveLate(arrival: Opened) {
    const { room, update } = arrival;
    if (!room.knowsDeletes) await learnDeletes(room);
    const verdict = isLong(update)
      ? await judgeOnThread(thread, room.known, update)
      : judgeHere(room.known, update);
    await follow(verdict, arrival);
  }

  /** A read of the whole snapshot, so it waits until somebody brings deletions. */
  async function learnDeletes(room: Room): Promise<void> {
    const { snapshot } = room.fresh ?? (await readState(pool, room.ticketId));
    const deletes = snapshot ? await deletesOf(thread, snapshot.bytes) : [];
    if (!room.knowsDeletes) takeDeletes(room, deletes);
  }

  function follow({ judgement, usable }: Verdict, arrival: Opened): void | Promise<void> {
    const { room, connection } = arrival;
    if (judgement.kind === 'malformed') return connection.refuse('malformed');
    if (judgement.kind === 'known') return pass(arrival, null);
    const refusal = refusalOf(room, connection);
    if (refusal) return refuseContent(arrival, refusal);
    if (judgement.kind === 'gap') return answerGap(arrival, usable);
    if (connection.schemaVersion <= room.schemaVersion) return accept(arrival, judgement.parts);
    return raiseSchema(arrival).then(() => accept(arrival, judgement.parts));
  }

  function accept(arrival: Opened, parts: UpdateParts): void {
    const { room, connection, update, opened } = arrival;
    const meeting = opened ? meetingAt(room.known, opened, parts) : null;
    takeParts(room, parts);
    room.pending.add(update);
    pass(arrival, { ticketId: room.ticketId, update, authorId: connection.userId, meeting });
  }

  function pass({ room, connection, kind, update, bytes, number }: Arrival, row: MetUpdate | null): void {
    pipeline.accepted({ room, connection, kind, update, bytes, number, row, receivedAt: now() });
  }

  /** A step 2 is an answer that any client must give, so it only gets a word; a typed change closes the socket. */
  function refuseContent({ connection, kind, number }: Arrival, reason: CloseReason): void {
    connection.acknowledgement.withhold(number);
    if (reason === 'readOnly') connection.send(deniedFrame(READ_ONLY));
    if (reason === 'readOnly' && kind === 'step2') metrics.refusals.inc({ reason });
    else connection.refuse(reason);
  }

  /**
   * An update that misses its base: the client is asked for all it has. A step 2 is all it has, so asking again
   * would go round in circles: what can be used is stored, the rest is not.
   */
  function answerGap(arrival: Opened, usable: () => Usable | null): void {
    const { room, connection, kind, number } = arrival;
    metrics.refusals.inc({ reason: 'gap' });
    connection.acknowledgement.withhold(number);
    if (kind === 'update') {
      connection.send(step1Frame(encodeClocks(room.known.clocks)));
      return;
    }
    connection.send(deniedFrame(INCOMPLETE));
    const rest = usable();
    if (!rest) return;
    const { update, parts } = rest;
    accept({ ...arrival, kind: 'update', update, bytes: updateFrame(update) }, parts);
  }

  /** Before the first change by a newer editor: from now on older ones may only read (D7). */
  async function raiseSchema({ room, connection: { schemaVersion } }: Arrival): Promise<void> {
    await raiseSchemaVersion(pool, room.ticketId, schemaVersion);
    room.schemaVersion = Math.max(room.schemaVersion, schemaVersion);
  }

  return {
    received(room, connection, frame, bytes) {
      if (frame.kind === 'malformed') connection.refuse('malformed');
      if (frame.kind === 'step2' || frame.kind === 'update') return receive(room, connection, frame, bytes);
    },
  };
}

function refusalOf(room: Room, connection: Connection): CloseReason | null {
  if (!connection.canEdit) return 'readOnly';
  return connection.schemaVersion < room.schemaVersion ? 'editorTooOld' : null;
}

/** Only what a client brings when it comes can have been written apart; what follows is live. */
function takeOpened(connection: Connection): Connection['opened'] {
  const { opened } = connection;
  connection.opened = null;
  return opened;
}
