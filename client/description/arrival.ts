import type * as Y from 'yjs';
import type { Connectivity } from './connectivity.ts';
import { createValue, type Observable } from './observable.ts';

/** Whether a document that looks empty is known to be. */
export interface Arrival {
  readonly arrived: Observable<boolean>;
  /**
   * To be called when storage and the synced snapshot were read. `isNew`: nobody but this device knows the ticket,
   * so nobody else can have written.
   */
  begin(isNew: boolean): void;
  /** The server has told what it has, or that it will not. */
  answered(): void;
}

/** The server may be slow, or silent: one must be able to write all the same. */
const PATIENCE_MS = 5_000;

/**
 * A description whose words are still on their way looks like one without words. Who began to write there would find
 * that in front of the words, or in the middle of them. So an empty document is shown once something is in it, the
 * server has answered, or there is no server to ask.
 */
export function watchArrival(doc: Y.Doc, connectivity: Connectivity, closing: AbortSignal): Arrival {
  const arrived = createValue(false);
  const answered = () => arrived.set(true);
  const isEmpty = () => doc.store.clients.size === 0;
  return {
    arrived,
    answered,
    begin(isNew) {
      if (closing.aborted) return;
      if (isNew || !isEmpty() || !connectivity.get()) return answered();
      doc.once('update', answered);
      const timer = setTimeout(answered, PATIENCE_MS);
      const stop = connectivity.subscribe(() => connectivity.get() || answered());
      closing.addEventListener('abort', () => {
        clearTimeout(timer);
        stop();
      });
    },
  };
}
