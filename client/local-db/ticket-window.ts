import { STATUSES, type Status } from '../../shared/tickets/ticket.ts';
import type { Ticket } from './rows.ts';
import type { Order, Window } from './windows/window.ts';

export type TicketSort = 'updated' | 'created' | 'number' | 'title';

/** What a list of tickets shows. */
export interface TicketFilter {
  readonly projectId: string;
  /** None named: all. */
  readonly statuses?: readonly Status[];
  /** In the title, or a ticket's number. */
  readonly search?: string;
  readonly sort?: TicketSort;
}

const ORDERS: Record<TicketSort, readonly Order<Ticket>[]> = {
  updated: [
    { column: 'updated_at', direction: 'desc' },
    { column: 'id', direction: 'desc' },
  ],
  created: [
    { column: 'created_at', direction: 'desc' },
    { column: 'id', direction: 'desc' },
  ],
  number: [
    { column: 'number', direction: 'desc' },
    { column: 'id', direction: 'desc' },
  ],
  title: [
    { column: 'title', direction: 'asc' },
    { column: 'id', direction: 'asc' },
  ],
};

/** The window over `tickets` that a filter asks for; tickets in the trash are in none. */
export function ticketWindow(filter: TicketFilter, limit: number): Window<Ticket> {
  const statuses = STATUSES.filter((status) => filter.statuses?.includes(status));
  const search = (filter.search ?? '').trim();
  const { where, params } = ticketCondition(filter.projectId, statuses, search);
  return {
    where,
    params,
    orderBy: ORDERS[filter.sort ?? 'updated'],
    limit,
    accepts: (ticket) =>
      ticket.project_id === filter.projectId &&
      ticket.deleted_at === null &&
      (statuses.length === 0 || statuses.includes(ticket.status)) &&
      matches(ticket, search),
  };
}

function ticketCondition(projectId: string, statuses: readonly Status[], search: string) {
  const conditions = ['project_id = ?', 'deleted_at IS NULL'];
  const params: (string | number)[] = [projectId];
  if (statuses.length > 0) {
    conditions.push(`status IN (${statuses.map(() => '?').join(', ')})`);
    params.push(...statuses);
  }
  if (search !== '') {
    conditions.push(`(title LIKE ? ESCAPE '\\' OR number = ?)`);
    params.push(`%${search.replace(/[\\%_]/g, '\\$&')}%`, numberIn(search) ?? -1);
  }
  return { where: conditions.join(' AND '), params };
}

const matches = (ticket: Ticket, search: string): boolean =>
  search === '' ||
  ticket.title.toLowerCase().includes(search.toLowerCase()) ||
  ticket.number === numberIn(search);

/** `12`, `#12` and `DEMO-12` name a ticket by its number. */
function numberIn(search: string): number | undefined {
  const digits = /^(?:#|[A-Za-z][A-Za-z0-9]*-)?(\d{1,9})$/.exec(search)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
