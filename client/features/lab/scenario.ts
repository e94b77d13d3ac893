import type { FieldName, Policy } from '../../../shared/tickets/fields.ts';
import type { TicketChanges } from '../../local-db/edits.ts';
import type { TicketFacts } from '../../local-db/ticket-facts.ts';
import type { DeviceKey } from './device.ts';

/** A short story of two devices: what will happen, how it goes, and what must be true in the end. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** What Rejoin does when such edits meet, in a few words. */
  readonly strategy: string;
  /** What will happen, before it does. */
  readonly promise: string;
  /** What the devices show: one ticket, or the tickets that this run has made. */
  readonly shows: 'ticket' | 'list';
  readonly start: ScenarioStart;
  readonly steps: readonly Step[];
  readonly expectations: readonly Expectation[];
}

/** The ticket a run begins with, and what the project does with edits that meet. */
export interface ScenarioStart {
  readonly fields: TicketChanges & { readonly title: string };
  readonly labels?: readonly string[];
  readonly description?: string;
  readonly policies?: Readonly<Partial<Record<FieldName, Policy>>>;
}

export interface Step {
  /** Where to look. */
  readonly on: DeviceKey | 'both';
  readonly words: string;
  readonly run: (hands: Hands) => Promise<void>;
}

export type Hands = Readonly<Record<DeviceKey, Hand>>;

/** What a person would do at one of the devices. Every call resolves when it is done, and throws a sentence if not. */
export interface Hand {
  goOffline(): Promise<void>;
  /** Resolves once everything kept on the device is answered. */
  reconnect(): Promise<void>;
  edit(changes: TicketChanges): Promise<void>;
  addLabel(name: string): Promise<void>;
  removeLabel(name: string): Promise<void>;
  createTicket(title: string): Promise<void>;
  moveToTrash(): Promise<void>;
  /** Types into the description's first paragraph. */
  type(where: 'start' | 'end', text: string): Promise<void>;
}

/** What one device shows of a run. */
export interface Look extends TicketFacts {
  readonly description: string;
  /** The tickets that this run's steps made, as far as they have arrived. */
  readonly made: readonly TicketFacts[];
}

export type Looks = Readonly<Record<DeviceKey, Look>>;

export interface Expectation {
  readonly words: string;
  /** Null when it holds; otherwise what is seen instead. */
  readonly seen: (looks: Looks) => string | null;
}
