import type pg from 'pg';
import type { CloseReason } from '../../shared/protocol/close-codes.ts';
import { carriesContent } from '../../shared/protocol/collab.ts';
import type { Connection } from './connection.ts';
import { deniedFrame, durableFrame, step1Frame, updateFrame } from './frames.ts';
import { absorb, judgeUpdate, type UpdateParts, withoutGaps } from './judge-update.ts';
import { decodeClocks, encodeClocks } from './known-state.ts';
import type { CollabMetrics } from './metrics.ts';
import { openingFrames } from './opening.ts';
import type { Stored } from './persistence.ts';
import { fanOut, type Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { raiseSchemaVersion, readState } from './store.ts';

export interface ContentDeps {
  readonly pool: pg.Pool;
  readonly rooms: Rooms;
  readonly metrics: CollabMetrics;
  readonly now: () => number;
  store(stored: Stored): void;
}

interface ContentFrame {
  readonly kind: 'step2' | 'update';
  readonly update: Uint8Array;
  /** As it came: relayed unchanged where possible. */
  readonly bytes: Uint8Array;
}

const READ_ONLY = 'You can read this description, but not change it. Your change was not stored.';
const INCOMPLETE = 'Part of your copy builds on text that nobody has sent yet. That part was not stored.';

/** An update without structs and deletions. */
const isEmpty = (update: Uint8Array): boolean => update.length <= 2;

/** The document's own messages: what a client asks for, and what it brings. */
export function createContent(deps: ContentDeps) {
  const { pool, rooms, metrics, now } = deps;

  async function answerStep1(room: Room, connection: Connection, stateVector: Uint8Array): Promise<void> {
    if (!isStateVector(stateVector)) return connection.refuse('malformed');
    // Those pending now may miss both the read and the fan-out that came before this client.
    const pending = [...room.pending];
    const state = await readState(pool, room.ticketId);
    for (const frame of openingFrames(state, pending, stateVector)) connection.send(frame);
    connection.send(durableFrame(connection.acknowledgement.acknowledged, encodeClocks(room.durable)));
  }

  /** Returns at once but for the rare frame that has to wait for the database. */
  function receive(room: Room, connection: Connection, frame: ContentFrame): void | Promise<void> {
    const number = connection.acknowledgement.next();
    const needsDeletes = !isEmpty(frame.update) && (frame.kind === 'step2' || !connection.canEdit);
    if (needsDeletes && !room.knowsDeletes) {
      return rooms.learnDeletes(room).then(() => judge(room, connection, frame, number));
    }
    return judge(room, connection, frame, number);
  }

  function judge(
    room: Room,
    connection: Connection,
    frame: ContentFrame,
    number: number,
  ): void | Promise<void> {
    const judgement = judgeUpdate(room.known, frame.update);
    if (judgement.kind === 'malformed') return connection.refuse('malformed');
    if (judgement.kind === 'known') return deps.store(waitFor(room, connection, frame, number));
    const refusal = refusalOf(room, connection);
    if (refusal) return refuseContent(connection, frame, number, refusal);
    if (judgement.kind === 'gap') return answerGap(room, connection, frame, number);
    const isNewer = connection.schemaVersion > room.schemaVersion;
    if (!isNewer) return accept(room, connection, frame, number, judgement.parts);
    return raiseSchema(room, connection).then(() => judge(room, connection, frame, number));
  }

  function accept(
    room: Room,
    connection: Connection,
    frame: ContentFrame,
    number: number,
    parts: UpdateParts,
  ) {
    absorb(room.known, parts);
    room.pending.add(frame.update);
    const isUpdate = frame.kind === 'update' && carriesContent(frame.bytes);
    fanOut(room, isUpdate ? frame.bytes : updateFrame(frame.update), connection);
    const { userId: authorId } = connection;
    const row = { ticketId: room.ticketId, update: frame.update, authorId };
    deps.store({ ...waitFor(room, connection, frame, number), row, parts });
  }

  /** Something to be acknowledged after all that came before it. */
  const waitFor = (room: Room, connection: Connection, frame: ContentFrame, number: number): Stored => ({
    room,
    connection,
    number,
    isStep2: frame.kind === 'step2',
    row: null,
    parts: null,
    receivedAt: now(),
    isWanted: () => !room.isAbandoned,
  });

  /** A step 2 is an answer that any client must give, so it only gets a word; a typed change closes the socket. */
  function refuseContent(
    connection: Connection,
    frame: ContentFrame,
    number: number,
    reason: CloseReason,
  ): void {
    connection.acknowledgement.withhold(number);
    if (reason === 'readOnly') connection.send(deniedFrame(READ_ONLY));
    if (reason === 'readOnly' && frame.kind === 'step2') metrics.refusals.inc({ reason });
    else connection.refuse(reason);
  }

  /**
   * An update that misses its base: the client is asked for all it has. A step 2 is all it has, so asking again
   * would go round in circles: what can be used is stored, the rest is not.
   */
  function answerGap(room: Room, connection: Connection, frame: ContentFrame, number: number): void {
    metrics.refusals.inc({ reason: 'gap' });
    connection.acknowledgement.withhold(number);
    if (frame.kind === 'update') {
      connection.send(step1Frame(encodeClocks(room.known.clocks)));
      return;
    }
    connection.send(deniedFrame(INCOMPLETE));
    const update = withoutGaps(room.known, frame.update);
    const judgement = update ? judgeUpdate(room.known, update) : null;
    if (!update || judgement?.kind !== 'new') return;
    accept(room, connection, { kind: 'update', update, bytes: updateFrame(update) }, number, judgement.parts);
  }

  /** Before the first change by a newer editor: from now on older ones may only read (D7). */
  async function raiseSchema(room: Room, { schemaVersion }: Connection): Promise<void> {
    await raiseSchemaVersion(pool, room.ticketId, schemaVersion);
    room.schemaVersion = Math.max(room.schemaVersion, schemaVersion);
  }

  return { answerStep1, receive };
}

function refusalOf(room: Room, connection: Connection): CloseReason | null {
  if (!connection.canEdit) return 'readOnly';
  return connection.schemaVersion < room.schemaVersion ? 'editorTooOld' : null;
}

function isStateVector(bytes: Uint8Array): boolean {
  try {
    decodeClocks(bytes);
    return true;
  } catch {
    return false;
  }
}
