import * as Y from 'yjs';
import { type Brought, pieceOf } from './brought.ts';
import type { SaveEvent } from './save-state.ts';
import type { SendWhole } from './send-whole.ts';

export interface PiecesDeps {
  readonly ticketId: string;
  readonly doc: Y.Doc;
  readonly closing: AbortSignal;
  readonly sendWhole: SendWhole;
  /** Called with what the device brought, once the server has it or never will. */
  readonly done: (brought: Brought) => void;
  readonly report: (event: SaveEvent) => void;
  /** Connects again, if sockets are allowed. */
  readonly follow: () => void;
}

const AGAIN_MS = 10_000;
/** Without an acknowledgement in between, more of the same would go round in circles. */
const MOST_IN_A_ROW = 3;

/**
 * What was written offline may be more than one frame of the socket can carry. Then it goes to the server in one piece,
 * and the socket, which has little left to say, is opened again.
 */
export function createPieces({ ticketId, doc, closing, sendWhole, done, report, follow }: PiecesDeps) {
  let inARow = 0;
  const reconnect = () => {
    if (!closing.aborted) follow();
  };
  const send = async (brought: Brought | null) => {
    inARow += 1;
    const piece = brought ? pieceOf(brought) : { update: Y.encodeStateAsUpdate(doc), opened: null };
    const answer = await sendWhole(ticketId, piece, closing);
    if (closing.aborted) return;
    const isDone = answer.kind === 'stored' || (answer.kind === 'refused' && answer.isForGood);
    if (isDone && brought) done(brought);
    if (answer.kind === 'refused') {
      const { reason, canWrite } = answer;
      return report({ kind: 'refused', reason, canWrite });
    }
    report({ kind: 'retried' });
    const wait = answer.kind === 'no-answer' || inARow >= MOST_IN_A_ROW;
    if (wait) setTimeout(reconnect, AGAIN_MS);
    else reconnect();
  };
  return {
    hear(event: SaveEvent) {
      if (event.kind === 'too-large') void send(event.brought);
      if (event.kind === 'acknowledged' && event.count > 0) inARow = 0;
    },
  };
}
