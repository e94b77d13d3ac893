import { useMemo } from 'react';
import { z } from 'zod';
import { useLocalData } from './context.ts';
import type { Comment, Label, Member, Profile, Project, Ticket } from './rows.ts';
import { type TicketFilter, ticketWindow } from './ticket-window.ts';
import { useQuery } from './use-query.ts';
import { useWindowRows, type WindowRows } from './use-window-rows.ts';

/** How many tickets pass the filter, whatever the window holds; undefined until counted. */
export function useTicketCount(filter: TicketFilter): number | undefined {
  const { where, params = [] } = ticketWindow(filter, 0);
  const sql = `SELECT count(*) AS count FROM tickets WHERE ${where}`;
  return useQuery({ sql, params, tables: ['tickets'], row: countRow })?.[0]?.count;
}

/** One ticket; `ticket` is undefined when this device does not have it (once `ready`). */
export function useTicket(id: string): { readonly ticket: Ticket | undefined; readonly ready: boolean } {
  const { tables } = useLocalData();
  const { rows, ready } = useWindowRows(tables.tickets, {
    where: 'id = ?',
    params: [id],
    orderBy: [],
    throttleMs: 0,
    accepts: (ticket) => ticket.id === id,
  });
  return { ticket: rows.find((ticket) => ticket.id === id), ready };
}

/** Oldest first. */
export function useComments(ticketId: string): WindowRows<Comment> {
  const { tables } = useLocalData();
  return useWindowRows(tables.comments, {
    where: 'ticket_id = ?',
    params: [ticketId],
    orderBy: [
      { column: 'created_at', direction: 'asc' },
      { column: 'id', direction: 'asc' },
    ],
    throttleMs: 0,
    accepts: (comment) => comment.ticket_id === ticketId,
  });
}

/** A project's labels by name. */
export function useLabels(projectId: string): WindowRows<Label> {
  const { tables } = useLocalData();
  return useWindowRows(tables.labels, {
    where: 'project_id = ?',
    params: [projectId],
    orderBy: [
      { column: 'name', direction: 'asc' },
      { column: 'id', direction: 'asc' },
    ],
    accepts: (label) => label.project_id === projectId,
  });
}

/** The ids of the labels on each of these tickets: the rows on screen, not a whole project. */
export function useLabelIdsByTicket(ticketIds: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const { tables } = useLocalData();
  const { rows } = useWindowRows(tables.ticketLabels, {
    where: 'ticket_id IN (SELECT value FROM json_each(?))',
    params: [JSON.stringify(ticketIds)],
    orderBy: [{ column: 'id', direction: 'asc' }],
    accepts: (pair) => ticketIds.includes(pair.ticket_id),
  });
  return useMemo(() => {
    const byTicket = new Map<string, string[]>();
    for (const { ticket_id, label_id } of rows) {
      byTicket.set(ticket_id, [...(byTicket.get(ticket_id) ?? []), label_id]);
    }
    return byTicket;
  }, [rows]);
}

/** The projects this person is a member of, by name. */
export function useProjects(): WindowRows<Project> {
  const { tables } = useLocalData();
  return useWindowRows(tables.projects, {
    orderBy: [
      { column: 'name', direction: 'asc' },
      { column: 'id', direction: 'asc' },
    ],
    accepts: () => true,
  });
}

export function useMembers(projectId: string): WindowRows<Member> {
  const { tables } = useLocalData();
  return useWindowRows(tables.members, {
    where: 'project_id = ?',
    params: [projectId],
    orderBy: [{ column: 'id', direction: 'asc' }],
    accepts: (member) => member.project_id === projectId,
  });
}

/** This person's memberships in all projects: what `can` needs to know of the actor. */
export function useMyMemberships(): WindowRows<Member> {
  const { tables, userId } = useLocalData();
  return useWindowRows(tables.members, {
    where: 'user_id = ?',
    params: [userId],
    orderBy: [{ column: 'id', direction: 'asc' }],
    accepts: (member) => member.user_id === userId,
  });
}

/** Everybody this person's projects know, by id. */
export function useProfiles(): ReadonlyMap<string, Profile> {
  const { tables } = useLocalData();
  const { rows } = useWindowRows(tables.profiles, {
    orderBy: [{ column: 'id', direction: 'asc' }],
    accepts: () => true,
  });
  return useMemo(() => new Map(rows.map((profile) => [profile.id, profile])), [rows]);
}

/** The ids of rows (tickets, comments, `<ticket id>/<label id>` …) with an op the server has not answered. */
export function usePendingRows(): ReadonlySet<string> {
  const rows = useQuery({
    sql: `SELECT DISTINCT json_extract(data, '$.id') AS id FROM ps_crud`,
    tables: ['ps_crud'],
    row: idRow,
  });
  return useMemo(() => new Set(rows?.map((row) => row.id)), [rows]);
}

const idRow = z.object({ id: z.string() });
const countRow = z.object({ count: z.number() });
