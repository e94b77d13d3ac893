import { z } from 'zod';

/** What both people write, in the order in which it was once written; `update` is a Yjs update in base64. */
export const replayScript = z.array(
  z.object({
    author: z.number(),
    update: z.string(),
    /** The last step of the other person that this one's author had seen; -1 when none. */
    seen: z.number(),
  }),
);

export type ReplayScript = z.output<typeof replayScript>;

/** Where the page is served, and the script beside it. */
export const REPLAY_PATH = '/replay/';
export const SCRIPT_PATH = '/replay/script.json';

/** What the page is told, in the query of its address. */
export const replayAddress = z.object({
  author: z.coerce.number(),
  userId: z.string(),
  ticketId: z.string(),
});

export type ReplayAddress = z.output<typeof replayAddress>;

/** What the page shows: words in its body, the rest in the body's data attributes. */
export const replayScreen = z.object({
  /**
   * `waiting` for words of the other, to answer them or to have all: nobody answers what they have not seen.
   * `arrived`: both people's steps are there, as far as they were told to write.
   */
  state: z.enum(['writing', 'waiting', 'arrived']),
  /** So many of this person's steps are in their document. */
  written: z.coerce.number(),
  /** What the product says beside a description. */
  saved: z.string(),
  /** So many descriptions wait in the outbox. */
  outbox: z.coerce.number(),
  words: z.string(),
});

export type ReplayScreen = z.output<typeof replayScreen>;
