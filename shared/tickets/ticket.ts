import { z } from 'zod';

/** A ticket's way through the team, in board order. `done` and `cancelled` are terminal. */
export const STATUSES = ['backlog', 'todo', 'in_progress', 'in_review', 'done', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];

/** Least urgent first, so that a later index is a higher priority. */
export const PRIORITIES = ['none', 'low', 'medium', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const isTerminal = (status: Status): boolean => status === 'done' || status === 'cancelled';

/** Row ids are UUIDs made by whoever creates the row, so that creating works offline. */
export const rowId = z.uuid();

/** A person: an account's id, or the id of somebody named in an imported ticket. */
export const personId = z.string('not a person').min(1, 'not a person').max(200, 'not a person');

/** The id a ticket–label pair always has, so that two devices adding the same label make the same row. */
export const ticketLabelId = (ticketId: string, labelId: string): string => `${ticketId}/${labelId}`;
