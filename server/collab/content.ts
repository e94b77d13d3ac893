import type pg from 'pg';
import type { CloseReason } from '../../shared/protocol/close-codes.ts';
import { carriesContent } from '../../shared/protocol/collab.ts';
import type { Connection } from './connection.ts';
import type { DocumentThread } from './document-thread.ts';
import { deniedFrame, step1Frame, updateFrame } from './frames.ts';
import { isLong, judgeHere, judgeOnThread, type Verdict } from './judge.ts';
import type { UpdateParts, Usable } from './judge-update.ts';
import { encodeClocks } from './known-state.ts';
import { meetingAt } from './meeting.ts';
import type { CollabMetrics } from './metrics.ts';
import type { Stored } from './persistence.ts';
import { fanOut, type Room, takeParts } from './room.ts';
import type { Rooms } from './rooms.ts';
import { raiseSchemaVersion } from './store.ts';

export interface ContentDeps {
  readonly pool: pg.Pool;
  readonly rooms: Rooms;
  readonly thread: DocumentThread;
  readonly metrics: CollabMetrics;
  readonly now: () => number;
  store(stored: Stored): void;
}

/** What a client brings. */
export interface ContentFrame {
  readonly kind: 'step2' | 'update';
  readonly update: Uint8Array;
  /** As it came: relayed unchanged where possible. */
  readonly bytes: Uint8Array;
  /** Of a connection's first step 2: how far the client's copy went when it came. */
  readonly opened?: Connection['opened'];
}

const READ_ONLY = 'You can read this description, but not change it. Your change was not stored.';
const INCOMPLETE = 'Part of your copy builds on text that nobody has sent yet. That part was not stored.';

/** An update without structs and deletions. */
const isEmpty = (update: Uint8Array): boolean => update.length <= 2;

/** Takes in what clients write: judges it, shows it to the others, and has it stored. */
export function createContent(deps: ContentDeps) {
  const { pool, rooms, thread, metrics, now } = deps;

  /** Returns at once but for the rare frame that has to wait for the database or for a long read. */
  function receive(room: Room, connection: Connection, brought: ContentFrame): void | Promise<void> {
    const frame = { ...brought, ...takeOpened(connection, brought) };
    const number = connection.acknowledgement.next();
    const needsDeletes = !isEmpty(frame.update) && (frame.kind === 'step2' || !connection.canEdit);
    const isLate = needsDeletes && !room.knowsDeletes;
    if (!isLate && !isLong(frame.update)) return judge(room, connection, frame, number);
    return receiveLate(room, connection, frame, number);
  }

  async function receiveLate(room: Room, connection: Connection, frame: ContentFrame, number: number) {
    if (!room.knowsDeletes) await rooms.learnDeletes(room);
    const { known } = room;
    const verdict = isLong(frame.update)
      ? await judgeOnThread(thread, known, frame.update)
      : judgeHere(known, frame.update);
    await follow(verdict, room, connection, frame, number);
  }

  const judge = (room: Room, connection: Connection, frame: ContentFrame, number: number) =>
    follow(judgeHere(room.known, frame.update), room, connection, frame, number);

  function follow(
    { judgement, usable }: Verdict,
    room: Room,
    connection: Connection,
    frame: ContentFrame,
    number: number,
  ): void | Promise<void> {
    if (judgement.kind === 'malformed') return connection.refuse('malformed');
    if (judgement.kind === 'known') return deps.store(waitFor(room, connection, frame, number));
    const refusal = refusalOf(room, connection);
    if (refusal) return refuseContent(connection, frame, number, refusal);
    if (judgement.kind === 'gap') return answerGap(room, connection, frame, number, usable);
    const isNewer = connection.schemaVersion > room.schemaVersion;
    if (!isNewer) return accept(room, connection, frame, number, judgement.parts);
    return raiseSchema(room, connection).then(() => accept(room, connection, frame, number, judgement.parts));
  }

  function accept(
    room: Room,
    connection: Connection,
    frame: ContentFrame,
    number: number,
    parts: UpdateParts,
  ) {
    const meeting = frame.opened ? meetingAt(room.known, frame.opened, parts) : null;
    takeParts(room, parts);
    room.pending.add(frame.update);
    const isUpdate = frame.kind === 'update' && carriesContent(frame.bytes);
    fanOut(room, isUpdate ? frame.bytes : updateFrame(frame.update), connection);
    const { userId: authorId } = connection;
    const row = { ticketId: room.ticketId, update: frame.update, authorId, ...(meeting && { meeting }) };
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
  function answerGap(
    room: Room,
    connection: Connection,
    frame: ContentFrame,
    number: number,
    usable: () => Usable | null,
  ): void {
    metrics.refusals.inc({ reason: 'gap' });
    connection.acknowledgement.withhold(number);
    if (frame.kind === 'update') {
      connection.send(step1Frame(encodeClocks(room.known.clocks)));
      return;
    }
    connection.send(deniedFrame(INCOMPLETE));
    const rest = usable();
    if (!rest) return;
    const { update, parts } = rest;
    accept(room, connection, { kind: 'update', update, bytes: updateFrame(update) }, number, parts);
  }

  /** Before the first change by a newer editor: from now on older ones may only read (D7). */
  async function raiseSchema(room: Room, { schemaVersion }: Connection): Promise<void> {
    await raiseSchemaVersion(pool, room.ticketId, schemaVersion);
    room.schemaVersion = Math.max(room.schemaVersion, schemaVersion);
  }

  return { receive };
}

function refusalOf(room: Room, connection: Connection): CloseReason | null {
  if (!connection.canEdit) return 'readOnly';
  return connection.schemaVersion < room.schemaVersion ? 'editorTooOld' : null;
}

/** Only what a client brings when it comes can have been written apart; what follows is live. */
function takeOpened(connection: Connection, { kind }: ContentFrame): Pick<ContentFrame, 'opened'> {
  if (kind !== 'step2') return {};
  const { opened } = connection;
  connection.opened = null;
  return { opened };
}
