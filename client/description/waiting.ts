import type { WaitingDescription } from './background-sync.ts';
import type { WaitingImage } from './images.ts';
import { createValue, type Observable } from './observable.ts';

/** What of one ticket's description the server does not have: for the outbox and the guard at sign-out. */
export interface WaitingWork extends WaitingDescription {
  /** Words were written that have not left. */
  readonly words: boolean;
  /** So many images have not left. */
  readonly images: number;
}

/** Words and images together, one entry a ticket. */
export function joinWaiting(
  words: Observable<readonly WaitingDescription[]>,
  images: Observable<readonly WaitingImage[]>,
): Observable<readonly WaitingWork[]> {
  const joined = createValue(join(words.get(), images.get()), same);
  const update = () => joined.set(join(words.get(), images.get()));
  words.subscribe(update);
  images.subscribe(update);
  return joined;
}

function join(words: readonly WaitingDescription[], images: readonly WaitingImage[]): readonly WaitingWork[] {
  const tickets = [...new Set([...words, ...images].map(({ ticketId }) => ticketId))].sort();
  return tickets.map((ticketId) => {
    const text = words.find((one) => one.ticketId === ticketId);
    const pictures = images.filter((one) => one.ticketId === ticketId);
    const refusal = text?.refusal ?? pictures.find((one) => one.refusal !== null)?.refusal ?? null;
    return { ticketId, refusal, words: text !== undefined, images: pictures.length };
  });
}

const same = (a: readonly WaitingWork[], b: readonly WaitingWork[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
