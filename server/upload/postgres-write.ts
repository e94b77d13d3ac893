import type pg from 'pg';
import { resolveReviews } from '../history/review-store.ts';
import { insertConflicts, updateConflicts } from '../review/conflict-store.ts';
import { insertNotices, markNotices } from '../review/notice-store.ts';
import { appendActivity } from '../tickets/activity-store.ts';
import { deleteComments, insertComments, updateComments } from '../tickets/comment-store.ts';
import { deleteTicketLabels, insertLabels, insertTicketLabels } from '../tickets/label-store.ts';
import { insertTickets, storeNumbers, updateTickets } from '../tickets/ticket-store.ts';
import type { Changes } from './store.ts';

type Write<T> = (tx: pg.ClientBase, rows: readonly T[]) => Promise<void>;

/** Writes an upload's net effect: one statement for each kind of change, what is referred to before what refers to it. */
export async function writeChanges(tx: pg.ClientBase, changes: Changes): Promise<void> {
  const write = async <T>(statement: Write<T>, rows: readonly T[]): Promise<void> => {
    if (rows.length > 0) await statement(tx, rows);
  };
  if (changes.tickets.inserted.length > 0) await storeNumbers(tx, changes.lastNumbers);
  await write(insertTickets, changes.tickets.inserted);
  await write(updateTickets, changes.tickets.updated);
  await write(insertLabels, changes.labels.inserted);
  await write(deleteTicketLabels, changes.ticketLabels.deleted);
  await write(insertTicketLabels, changes.ticketLabels.inserted);
  await write(deleteComments, changes.comments.deleted);
  await write(insertComments, changes.comments.inserted);
  await write(updateComments, changes.comments.updated);
  await write(insertConflicts, changes.conflicts.inserted);
  await write(updateConflicts, changes.conflicts.updated);
  await write(markNotices, changes.notices.updated);
  await write(resolveReviews, changes.descriptionReviews.updated);
  await write(appendActivity, changes.activity);
  await write(insertNotices, changes.newNotices);
}
