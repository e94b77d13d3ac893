import type { CloseReason } from '../../shared/protocol/close-codes.ts';
import type { Connection } from './connection.ts';
import type { ContentFrame, Frame } from './frames.ts';
import type { MetUpdate } from './meeting.ts';
import type { Room } from './room.ts';

/**
 * One concern of the description service. collab.ts lists them; each hook is called on all that have it, in the order
 * of the list. The hooks stand here in the order of a socket's life.
 */
export interface Extension {
  /** Judges a newcomer, before any of its frames has its turn. The first reason turns it away. */
  admit?(connection: Connection): Promise<CloseReason | null>;
  /** Looks at a frame as it comes in, before its turn. The first reason closes the socket. */
  screen?(connection: Connection, bytes: Uint8Array): CloseReason | null;
  /** The first has come to a room, whose stored state is still on its way. */
  opened?(room: Room): void;
  /** Somebody is in, and the room's state is known. */
  entered?(room: Room, connection: Connection): void;
  /** A frame's turn. One extension takes each kind; where it returns a promise, the client's next frame waits. */
  received?(room: Room, connection: Connection, frame: Frame, bytes: Uint8Array): void | Promise<void>;
  /** Content was judged good, and new unless it has no row. */
  accepted?(write: Write): void;
  /** These are durable, in the order they were accepted. */
  committed?(writes: readonly Write[]): void;
  left?(room: Room, connection: Connection): void;
  /** The last one has left, all is durable, and the room is forgotten. */
  released?(room: Room): void;
  /** What is done by the clock. */
  readonly every?: readonly { readonly ms: number; run(): void }[];
  start?(): Promise<void>;
  /** The sockets are closed: resolves when nothing is left to do. */
  close?(): Promise<void>;
}

/** A content frame whose turn has come. */
export interface Arrival extends ContentFrame {
  readonly room: Room;
  readonly connection: Connection;
  /** As it came: relayed unchanged where possible. */
  readonly bytes: Uint8Array;
  /** Its number among the connection's content frames. */
  readonly number: number;
}

/** One that was judged good, on its way to the others and to being acknowledged. */
export interface Write extends Arrival {
  /** What is to be stored. Without it nothing in the frame was new: it only waits for those before it. */
  readonly row: MetUpdate | null;
  readonly receivedAt: number;
}
