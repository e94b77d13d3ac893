import type pg from 'pg';
import type pino from 'pino';
import { readClock, ticketsToCompact, unfoldedTickets } from './store.ts';

export interface LeftoversDeps {
  readonly pool: pg.Pool;
  readonly log: pino.Logger;
  readonly timing: LeftoversTiming;
  /** Whether this node will fold it by itself, because somebody writes in it here. */
  isWritten(ticketId: string): boolean;
  compact(ticketId: string): void;
}

export interface LeftoversTiming {
  readonly everyMs: number;
  /** Rows younger than this are left to the node that wrote them. */
  readonly ageMs: number;
}

export const LEFTOVERS_TIMING: LeftoversTiming = { everyMs: 30_000, ageMs: 20_000 };

/** Finds logs that nobody folds, because their node ended in mid-work, and has them folded by this one. */
export interface Leftovers {
  /** Looks at every ticket once, and from then on at new rows. */
  start(): Promise<void>;
  stop(): void;
}

/** A row may be committed later than its time says, so the mark stays this much behind. */
const COMMIT_MS = 60_000;

export function createLeftovers({ pool, log, timing, isWritten, compact }: LeftoversDeps): Leftovers {
  let seenUpto = new Date(0);
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  async function look(): Promise<void> {
    const now = await readClock(pool);
    for (const ticketId of await unfoldedTickets(pool, seenUpto, before(now, timing.ageMs))) {
      if (!isWritten(ticketId)) compact(ticketId);
    }
    seenUpto = before(now, timing.ageMs + COMMIT_MS);
  }

  function lookAgain(): void {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((error) =>
        log.warn({ err: error }, 'Could not look for unfolded descriptions; trying again later.'),
      )
      .finally(() => {
        isLooking = false;
      });
  }

  return {
    async start() {
      seenUpto = before(await readClock(pool), timing.ageMs + COMMIT_MS);
      for (const ticketId of await ticketsToCompact(pool)) compact(ticketId);
      timer = setInterval(lookAgain, timing.everyMs);
    },
    stop: () => clearInterval(timer),
  };
}

const before = (moment: Date, ms: number): Date => new Date(moment.getTime() - ms);
