import { z } from 'zod';
import { type Answer, askServer } from './ask-server.ts';
import type { Ticket } from './rows.ts';

/** Moves a ticket to the trash, unless somebody has changed it since this person saw it. */
export const moveToTrash = (ticket: Pick<Ticket, 'id' | 'revision'>): Promise<Answer<unknown>> =>
  askServer({
    method: 'DELETE',
    path: `/api/tickets/${ticket.id}`,
    ifMatch: ticket.revision ?? undefined,
    answer: z.unknown(),
  });

export const restoreFromTrash = (ticketId: string): Promise<Answer<unknown>> =>
  askServer({ method: 'POST', path: `/api/tickets/${ticketId}/restore`, answer: z.unknown() });
