import type { Observable } from './observable.ts';

/**
 * Whether the description's sockets may be open now: false with "Work offline" on, without a network
 * (`navigator.onLine`) and without a session.
 */
export type Connectivity = Observable<boolean>;

/** What descriptions must know of the upload queue: a description cannot connect before its ticket exists (D4). */
export interface TicketUploads {
  /**
   * Resolves as soon as no creation (PUT) of this ticket waits in the upload queue, at once for a ticket that was
   * never queued here. Rejects only when `signal` is aborted.
   */
  whenUploaded(ticketId: string, signal: AbortSignal): Promise<void>;
  /** Whether a creation of this ticket waits in the upload queue: nobody else knows it yet. Never rejects. */
  isQueued(ticketId: string): Promise<boolean>;
}

/** A row of the synced `descriptions` table. */
export interface DescriptionRow {
  readonly schemaVersion: number;
  /** The merged Yjs state, in base64. */
  readonly snapshot: string;
}

/** Reads the synced `descriptions` table. */
export interface DescriptionRows {
  /** Null where the row has not arrived, or the ticket has no description yet. */
  read(ticketId: string): Promise<DescriptionRow | null>;
}
