import * as Y from 'yjs';
import type { SaveEvent } from './save-state.ts';
import type { Piece, SendWhole } from './send-whole.ts';

export interface PiecesDeps {
  readonly ticketId: string;
  readonly doc: Y.Doc;
  readonly closing: AbortSignal;
  readonly sendWhole: SendWhole;
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
export function createPieces({ ticketId, doc, closing, sendWhole, report, follow }: PiecesDeps) {
  let inARow = 0;
  /** On its way until it is answered: a later try could no longer tell where the two sides stood. */
  let unsent: Piece | null = null;
  const reconnect = () => {
    if (!closing.aborted) follow();
  };
  const send = async (piece: Piece | null) => {
    inARow += 1;
    unsent ??= piece ?? { update: Y.encodeStateAsUpdate(doc), opened: null };
    const answer = await sendWhole(ticketId, unsent, closing);
    if (closing.aborted) return;
    if (answer.kind !== 'no-answer') unsent = null;
    if (answer.kind === 'refused') return report(answer);
    report({ kind: 'retried' });
    const wait = answer.kind === 'no-answer' || inARow >= MOST_IN_A_ROW;
    if (wait) setTimeout(reconnect, AGAIN_MS);
    else reconnect();
  };
  return {
    hear(event: SaveEvent) {
      if (event.kind === 'too-large') void send(event.piece);
      if (event.kind !== 'acknowledged' || event.count === 0) return;
      inARow = 0;
      unsent = null;
    },
  };
}
