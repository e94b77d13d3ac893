/**
 * Counts one connection's content frames and says how many, from the first on, are durable
 * (`MESSAGE.durable` in shared/protocol/collab.ts says what that promises).
 */
export interface Acknowledgement {
  /** The number of the frame that has just come in. */
  next(): number;
  /** This frame was not stored as it is: nothing from it on is covered until a later step 2 is. */
  withhold(frame: number): void;
  /** This frame is durable. Call in the order of the frames. */
  settle(frame: number, isStep2: boolean): void;
  /** What its client is to hear: something now, and then it counts as told; something later; or nothing new. */
  takeTurn(now: number): 'now' | 'later' | 'nothing';
  readonly acknowledged: number;
}

/** Milliseconds between two words to one client: nobody reads "Saved" after every letter, and each costs a system call. */
export const TELL_EVERY_MS = 100;

export function createAcknowledgement(): Acknowledgement {
  let received = 0;
  let acknowledged = 0;
  let withheld: number[] = [];
  let told = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    next() {
      received += 1;
      return received;
    },
    withhold(frame) {
      withheld.push(frame);
    },
    settle(frame, isStep2) {
      // A step 2 holds everything its client had when it was sent, so also what was withheld before.
      if (isStep2) withheld = withheld.filter((other) => other > frame);
      if (!withheld.some((other) => other <= frame)) acknowledged = frame;
    },
    takeTurn(now) {
      if (told === acknowledged) return 'nothing';
      if (now - toldAt < TELL_EVERY_MS) return 'later';
      told = acknowledged;
      toldAt = now;
      return 'now';
    },
    get acknowledged() {
      return acknowledged;
    },
  };
}
