import { useLiveQuery } from '@tanstack/react-db';
import { useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import { useLocalData } from './context.ts';
import type { Ticket } from './rows.ts';
import { type TicketFilter, ticketWindow } from './ticket-window.ts';
import { useQuery } from './use-query.ts';
import type { Window } from './windows/window.ts';

/** Some of a list's rows: those from position `start` on. */
export interface TicketSpan {
  readonly start: number;
  readonly rows: readonly Ticket[];
  /** False only before the first rows of the first span are read. */
  readonly ready: boolean;
  /** Reading the local database failed; the log has the details. */
  readonly failed: boolean;
}

/**
 * The tickets at the positions `start` to `start + length` of a list, last changed first, wherever a person has
 * scrolled to: one keyset window, so that a list of 100,000 holds some hundred rows. Until the span asked for is
 * read, the one before stays, with its own start.
 */
export function useTicketSpan(filter: TicketFilter, start: number, length: number): TicketSpan {
  const { tables } = useLocalData();
  const base = ticketWindow({ ...filter, sort: 'updated' }, length);
  const cursor = useCursor(base, start);
  const asked = cursor === 'finding' ? undefined : tables.tickets.open(fromCursor(base, cursor));
  const [loaded, setLoaded] = useState({ span: asked ?? tables.tickets.open(base), start });

  useEffect(() => {
    if (!asked) return;
    let current = true;
    const swap = () => {
      if (current) setLoaded({ span: asked, start });
    };
    asked.collection.preload().then(swap, swap); // a failure shows as `failed`
    return () => {
      current = false;
    };
  }, [asked, start]);

  const { data, isReady, isError } = useLiveQuery(loaded.span.collection);
  const rows = useMemo(() => [...data].sort(loaded.span.compare), [data, loaded]);
  return { start: loaded.start, rows, ready: isReady, failed: isError };
}

const cursorRow = z.object({ id: z.string(), updated_at: z.string(), position: z.number() });
type Cursor = Pick<z.output<typeof cursorRow>, 'id' | 'updated_at'>;

/** The row at a position. Found by walking the index once; the rows themselves are then read by keyset. */
function useCursor(base: Window<Ticket>, start: number): Cursor | 'top' | 'finding' {
  const position = Math.max(0, Math.trunc(start));
  const found = useQuery({
    sql: `SELECT id, updated_at, ${position} AS position FROM tickets WHERE ${base.where}
      ORDER BY updated_at DESC, id DESC LIMIT ${position > 0 ? 1 : 0} OFFSET ${position}`,
    params: base.params,
    tables: ['tickets'],
    row: cursorRow,
  })?.[0];
  if (position === 0) return 'top';
  return found?.position === position ? found : 'finding';
}

/** The window from that row on, itself included. */
function fromCursor(base: Window<Ticket>, cursor: Cursor | 'top'): Window<Ticket> {
  if (cursor === 'top') return base;
  const { id, updated_at } = cursor;
  return {
    ...base,
    where: `${base.where} AND updated_at <= ? AND (updated_at < ? OR id <= ?)`,
    params: [...(base.params ?? []), updated_at, updated_at, id],
    accepts: (ticket) =>
      base.accepts(ticket) &&
      (ticket.updated_at < updated_at || (ticket.updated_at === updated_at && ticket.id <= id)),
  };
}
