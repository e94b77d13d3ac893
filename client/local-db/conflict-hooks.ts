import { useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import type { FieldName } from '../../shared/tickets/fields.ts';
import { type Conflict, type ConflictRow, readConflict } from './conflict-rows.ts';
import { useLocalData } from './context.ts';
import type { Ticket } from './rows.ts';
import { useQuery } from './use-query.ts';
import { useWindowRows } from './use-window-rows.ts';
import type { Window } from './windows/window.ts';

export interface ConflictFilter {
  readonly state: 'open' | 'closed';
  /** Absent: all of this person's projects. */
  readonly projectId?: string;
  readonly field?: FieldName;
  /** Only those about this person's own edits: what they proposed, or what stands because of them. */
  readonly mine: boolean;
}

/** A conflict with the row it was read from, which an answer to it needs. */
export interface FoundConflict {
  readonly conflict: Conflict;
  readonly row: ConflictRow;
}

export interface FoundConflicts {
  readonly found: readonly FoundConflict[];
  readonly ready: boolean;
  readonly failed: boolean;
  readonly hasMore: boolean;
}

/** The conflicts that pass the filter: those opened last come first. */
export function useConflicts(filter: ConflictFilter, limit: number): FoundConflicts {
  const { tables, userId } = useLocalData();
  const { rows, ready, failed } = useWindowRows(tables.conflicts, conflictWindow(filter, userId, limit));
  const found = useMemo(() => rows.flatMap(foundOf), [rows]);
  return { found, ready, failed, hasMore: rows.length >= limit };
}

/** Every conflict there ever was about one ticket: never many. */
export function useTicketConflicts(ticketId: string): readonly FoundConflict[] {
  const { tables } = useLocalData();
  const { rows } = useWindowRows(tables.conflicts, {
    where: 'ticket_id = ?',
    params: [ticketId],
    orderBy: NEWEST_FIRST,
    accepts: (row) => row.ticket_id === ticketId,
  });
  return useMemo(() => rows.flatMap(foundOf), [rows]);
}

/** The conflicts this person has answered on this device, of which the server does not know yet. */
export function usePendingAnswers(): ReadonlySet<string> {
  const rows = useQuery({
    sql: `SELECT DISTINCT json_extract(data, '$.id') AS id FROM ps_crud
      WHERE json_extract(data, '$.type') = 'conflicts'`,
    tables: ['ps_crud'],
    row: idRow,
  });
  return useMemo(() => new Set(rows?.map((row) => row.id)), [rows]);
}

/** Why the server did not accept this device's last answer to each of these conflicts, in words. */
export function useRefusedAnswers(conflictIds: readonly string[]): ReadonlyMap<string, string> {
  const rows = useQuery({
    sql: `SELECT id, reason FROM (SELECT row_id AS id, reason, outcome, max(op_id) FROM outbox
      WHERE table_name = 'conflicts' AND row_id IN (SELECT value FROM json_each(?)) GROUP BY row_id)
      WHERE outcome = 'rejected'`,
    params: [JSON.stringify(conflictIds)],
    tables: ['outbox'],
    row: refusalRow,
  });
  return useMemo(() => new Map(rows?.map((row) => [row.id, row.reason ?? ''])), [rows]);
}

/** Whose edit made a value stand, where and when. */
export interface ValueOrigin {
  readonly by: string;
  readonly at: string;
  readonly deviceId: string | null;
  readonly offlineSince: string | null;
}

/**
 * Where the current value of each of these conflicts came from, or who moved the ticket to the trash; absent where
 * the value has stood since the beginning.
 */
export function useCurrentOrigins(conflictIds: readonly string[]): ReadonlyMap<string, ValueOrigin> {
  const rows = useQuery({
    // With max(), SQLite takes the other columns from the row that has it.
    sql: `SELECT c.id, max(a.created_at) AS at, a.actor_id AS by, a.device_id, a.offline_since
      FROM conflicts c JOIN activity a ON a.ticket_id = c.ticket_id AND
        CASE c.kind WHEN 'deleted' THEN a.subject = 'ticket' AND a.action = 'deleted' ELSE a.subject = c.field END
      WHERE c.id IN (SELECT value FROM json_each(?)) AND a.outcome = 'applied' GROUP BY c.id`,
    params: [JSON.stringify(conflictIds)],
    tables: ['conflicts', 'activity'],
    row: originRow,
  });
  return useMemo(
    () =>
      new Map(
        rows?.map(({ id, at, by, device_id, offline_since }) => [
          id,
          { at, by, deviceId: device_id, offlineSince: offline_since },
        ]),
      ),
    [rows],
  );
}

/** The tickets behind the conflicts on screen, by id; also those in the trash. */
export function useTicketsById(ids: readonly string[]): ReadonlyMap<string, Ticket> {
  const { tables } = useLocalData();
  const wanted = [...new Set(ids)].sort();
  const { rows } = useWindowRows(tables.tickets, {
    where: 'id IN (SELECT value FROM json_each(?))',
    params: [JSON.stringify(wanted)],
    orderBy: [{ column: 'id', direction: 'asc' }],
    accepts: (ticket) => wanted.includes(ticket.id),
  });
  return useMemo(() => new Map(rows.map((ticket) => [ticket.id, ticket])), [rows]);
}

/** What this device is called where edits are told apart; undefined until read. */
export function useDeviceId(): string | undefined {
  const { db } = useLocalData();
  const [deviceId, setDeviceId] = useState<string>();
  useEffect(() => {
    let current = true;
    const take = (id: string) => {
      if (current) setDeviceId(id);
    };
    // Without it the words only get less exact: "a device" instead of "this device".
    db.getClientId().then(take, () => {});
    return () => {
      current = false;
    };
  }, [db]);
  return deviceId;
}

const NEWEST_FIRST = [
  { column: 'opened_at', direction: 'desc' },
  { column: 'id', direction: 'asc' },
] as const;

function conflictWindow(filter: ConflictFilter, userId: string, limit: number): Window<ConflictRow> {
  const { projectId, field } = filter;
  const parts = [filter.state === 'open' ? `state = 'open'` : `state <> 'open'`];
  const params: string[] = [];
  const and = (sql: string, ...values: readonly string[]) => {
    parts.push(sql);
    params.push(...values);
  };
  if (projectId !== undefined) and('project_id = ?', projectId);
  if (field !== undefined) and('field = ?', field);
  if (filter.mine) and('(author_id = ? OR current_author_id = ?)', userId, userId);
  return {
    where: parts.join(' AND '),
    params,
    orderBy: NEWEST_FIRST,
    limit,
    // Conflicts are only ever opened by the server, so no edit here makes one appear.
    accepts: () => false,
  };
}

function foundOf(row: ConflictRow): FoundConflict[] {
  const conflict = readConflict(row);
  return conflict ? [{ conflict, row }] : [];
}

const idRow = z.object({ id: z.string() });
const originRow = idRow.extend({
  at: z.string(),
  by: z.string(),
  device_id: z.string().nullable(),
  offline_since: z.string().nullable(),
});
const refusalRow = idRow.extend({ reason: z.string().nullable() });
