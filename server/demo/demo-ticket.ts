import type { Priority, Status } from '../../shared/tickets/ticket.ts';

/** A ticket of the demo project. Days are counted from the day of the seed: a demo should look as if in use. */
export interface DemoTicket {
  /** Never changes: it keeps a second start from seeding again. */
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  readonly priority: Priority;
  readonly author: string;
  readonly assignee?: string;
  readonly labels: readonly string[];
  readonly estimate?: number;
  readonly createdDaysAgo: number;
  readonly dueInDays?: number;
  readonly body: string;
  readonly comments?: readonly { readonly author: string; readonly daysAgo: number; readonly body: string }[];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The ticket as a line of an import. */
export function importLineOf(ticket: DemoTicket, now: Date): string {
  const { id, title, status, priority, author, assignee, labels, estimate, body } = ticket;
  const comments = (ticket.comments ?? []).map((comment) => ({
    author: comment.author,
    created_at: daysFrom(now, -comment.daysAgo).getTime(),
    body: comment.body,
  }));
  return JSON.stringify({
    ...{ id, title, status, priority, author, assignee, labels, estimate, body, comments },
    due_on:
      ticket.dueInDays === undefined ? null : daysFrom(now, ticket.dueInDays).toISOString().slice(0, 10),
    created_at: daysFrom(now, -ticket.createdDaysAgo).getTime(),
    updated_at: Math.max(
      daysFrom(now, -ticket.createdDaysAgo).getTime(),
      ...comments.map((one) => one.created_at),
    ),
  });
}

const daysFrom = (now: Date, days: number): Date => new Date(now.getTime() + Math.round(days * DAY_MS));
