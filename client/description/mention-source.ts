import type { Mentioned } from '../../shared/description/mentions.ts';

export interface MentionedTicket extends Mentioned {
  readonly title: string;
}

/** Whom and what a description can mention; answered from this device, so that it works offline. */
export interface MentionSource {
  /** People of the ticket's project whose name has the words in it; the likeliest first, a handful. */
  people(words: string): Promise<readonly Mentioned[]>;
  /** Tickets by key or title; a handful. */
  tickets(words: string): Promise<readonly MentionedTicket[]>;
}
