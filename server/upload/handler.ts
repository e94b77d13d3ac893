import type { Actor } from '../../shared/permissions/can.ts';
import type { Answer } from './answer.ts';
import type { Draft } from './draft.ts';
import type { QueuedOp } from './parse.ts';
import type { Snapshot } from './store.ts';

/** What an op is judged by. Only `draft` changes; the rest holds for the whole upload. */
export interface Judgement {
  readonly actor: Actor;
  readonly deviceId: string;
  /** The server's clock when the upload came in, ISO 8601 (C17). */
  readonly now: string;
  readonly newId: () => string;
  readonly snapshot: Snapshot;
  readonly draft: Draft;
}

/** Where a refusal happened, so that its author's other devices can be told. */
export interface Place {
  readonly projectId: string;
  readonly ticketId: string | null;
}

export type Handled =
  /** `answers` may be empty: edits of fields are answered once the upload's chains are folded. */
  | { readonly ok: true; readonly answers: readonly Answer[] }
  | { readonly ok: false; readonly reason: string; readonly place: Place | null };

/** Judges one op on one table: changes the draft and says what became of it, or refuses it in words (C15). */
export type Handler = (op: QueuedOp, judgement: Judgement) => Handled;

export const handled = (...answers: readonly Answer[]): Handled => ({ ok: true, answers });
export const refuse = (reason: string, place: Place | null = null): Handled => ({ ok: false, reason, place });

/** The same words whether a ticket never was or is in a project its seeker is not a member of. */
export const UNKNOWN_TICKET =
  'This ticket does not exist, or it is in a project you are not a member of. Nothing was changed.';

/** For a table or verb that uploads do not know. */
export const notFromQueue = (what: string): Handled =>
  refuse(`${what} Your change is kept in the outbox of this device.`);

/** Columns a person cannot have meant to write: named in words, so that nothing is dropped in silence. */
export function unknownColumns(op: QueuedOp, known: (column: string) => boolean): string | null {
  const unknown = Object.keys(op.data).filter((column) => !known(column));
  if (unknown.length === 0) return null;
  const names = unknown.map((column) => `“${column}”`).join(', ');
  return `This change names ${names}, which Rejoin does not know. Reload the app to get its newest version.`;
}
