import type { SaveEvent } from './save-state.ts';

/**
 * For how long this copy and the server have not had each other's words, as far as this page saw it itself. The
 * server takes what two people write during a short break for live typing (D11).
 */
export interface Contact {
  hear(event: SaveEvent): void;
  /** The server has acknowledged all that this copy brought on this connection. */
  readonly isWhole: boolean;
  /** The socket is gone; the server's last message had come at this time. */
  lost(lastHeardAt: number): void;
  /** This device goes away knowingly: what is written from now on is written apart, however soon it is back. */
  part(): void;
  /** In milliseconds; Infinity when they have not been in contact since the page was loaded, or parted. */
  brokenFor(): number;
}

/**
 * A socket alone is no contact: only after the server has acknowledged all that this copy brought (its step 2, which
 * follows the server's own answer) do both have everything. A connection that broke before leaves the last contact
 * where it was.
 */
export function createContact(now: () => number): Contact {
  let sent = 0;
  let step2: number | null = null;
  let isWhole = false;
  let lastAt: number | null = null;
  return {
    hear(event) {
      if (event.kind === 'connected') {
        sent = 0;
        step2 = null;
        isWhole = false;
      } else if (event.kind === 'sent') {
        sent += 1;
        if (event.complete) step2 = sent;
      } else if (event.kind === 'acknowledged') {
        isWhole ||= step2 !== null && event.count >= step2;
      }
    },
    get isWhole() {
      return isWhole;
    },
    lost(lastHeardAt) {
      if (isWhole) lastAt = lastHeardAt;
      isWhole = false;
    },
    part() {
      lastAt = null;
    },
    brokenFor: () => (lastAt === null ? Number.POSITIVE_INFINITY : now() - lastAt),
  };
}
