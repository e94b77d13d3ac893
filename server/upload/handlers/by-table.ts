import { type Handled, type Handler, type Judgement, notFromQueue, refuse } from '../handler.ts';
import type { QueuedOp } from '../parse.ts';
import { handleComment } from './comments.ts';
import { handleConflict } from './conflicts.ts';
import { handleDescriptionReview } from './description-reviews.ts';
import { handleLabel } from './labels.ts';
import { handleNotice } from './notices.ts';
import { handleTicketLabel } from './ticket-labels.ts';
import { handleTicket } from './tickets.ts';

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  ['tickets', handleTicket],
  ['comments', handleComment],
  ['labels', handleLabel],
  ['ticket_labels', handleTicketLabel],
  ['conflicts', handleConflict],
  ['notices', handleNotice],
  ['description_reviews', handleDescriptionReview],
]);

/** Synced, but changed online only (policy `online-only`) or by the server alone. */
const REFUSED_TABLES: ReadonlyMap<string, string> = new Map([
  ['projects', 'Project settings can only be changed online.'],
  ['members', 'Members and roles can only be changed online.'],
  ['field_policies', 'How edits of a field meet can only be changed online, by an admin.'],
  ['profiles', 'Names of people can only be changed online.'],
  ['activity', 'The activity log is written by the server alone.'],
  ['descriptions', 'A description is edited in the ticket’s editor, not through the queue.'],
]);

/** Judges one op by its table. */
export function handleOp(op: QueuedOp, judgement: Judgement): Handled {
  const handler = HANDLERS.get(op.table);
  if (handler) return handler(op, judgement);
  const refused = REFUSED_TABLES.get(op.table);
  if (refused !== undefined) return notFromQueue(refused);
  return refuse(`Rejoin has no table “${op.table}”. Reload the app to get its newest version.`);
}
