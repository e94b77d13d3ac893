import { useMemo } from 'react';
import { z } from 'zod';
import { useQuery } from '../use-query.ts';
import { QUEUE_SQL, queueRow } from './discard.ts';
import { dependentsOf } from './discard-plan.ts';
import {
  type AnsweredOp,
  answeredOp,
  answeredOpsSql,
  NAMING_TABLES,
  type WaitingOp,
  waitingOp,
  waitingOpsSql,
} from './entries.ts';

const SHOWN = 500;

/** The ops that the server has not answered, as they will be sent; undefined until read. */
export function useWaitingOps(): readonly WaitingOp[] | undefined {
  return useQuery({
    sql: waitingOpsSql(SHOWN),
    tables: ['ps_crud', 'upload_mark', 'outbox', ...NAMING_TABLES],
    row: waitingOp,
  });
}

/** What became of this device's ops, newest first; undefined until read. */
export function useAnsweredOps(): readonly AnsweredOp[] | undefined {
  return useQuery({ sql: answeredOpsSql(SHOWN), tables: ['outbox', ...NAMING_TABLES], row: answeredOp });
}

export interface OutboxCounts {
  /** Ops that the server has not answered. */
  readonly waiting: number;
  /** Answers that their author should see: kept out by a rule, in review, not accepted. */
  readonly toSee: number;
}

/** How much stands in the outbox, also beyond what a list shows; undefined until counted. */
export function useOutboxCounts(): OutboxCounts | undefined {
  return useQuery({
    sql: `SELECT (SELECT count(*) FROM ps_crud) AS waiting,
      (SELECT count(*) FROM outbox WHERE outcome IN ('rejected', 'review', 'kept')) AS toSee`,
    tables: ['ps_crud', 'outbox'],
    row: countsRow,
  })?.[0];
}

/**
 * Which of a ticket's fields hold a value that the server has not answered for: names of fields, and `labels` where
 * a label was added or removed.
 */
export function usePendingFields(ticketId: string): ReadonlySet<string> {
  const rows = useQuery({
    sql: `SELECT DISTINCT named.key AS field FROM ps_crud, json_each(ps_crud.data, '$.data') named
        WHERE json_extract(ps_crud.data, '$.type') = 'tickets' AND json_extract(ps_crud.data, '$.id') = ?1
      UNION SELECT 'labels' FROM ps_crud WHERE json_extract(data, '$.type') = 'ticket_labels'
        AND json_extract(data, '$.id') LIKE ?1 || '/%'`,
    params: [ticketId],
    tables: ['ps_crud'],
    row: fieldRow,
  });
  return useMemo(() => new Set(rows?.map(({ field }) => field)), [rows]);
}

/** The ops that could not be without this one: they go with it when it is discarded. */
export function useDependents(opId: number): readonly WaitingOp[] {
  const waiting = useWaitingOps();
  const rows = useQuery({ sql: QUEUE_SQL, tables: ['ps_crud'], row: queueRow });
  return useMemo(() => {
    const ids = new Set(dependentsOf(rows ?? [], opId).map((op) => op.opId));
    return (waiting ?? []).filter((op) => ids.has(op.op_id));
  }, [waiting, rows, opId]);
}

/** Where a ticket is and what it is called; undefined where this device does not know it. */
export function useTicketPlace(ticketId: string): TicketPlace | undefined {
  return useQuery({
    sql: `SELECT t.id AS ticket_id, t.title AS ticket_title, t.number AS ticket_number, p.key AS project_key
      FROM tickets t LEFT JOIN projects p ON p.id = t.project_id WHERE t.id = ?`,
    params: [ticketId],
    tables: ['tickets', 'projects'],
    row: ticketPlace,
  })?.[0];
}

const ticketPlace = z.object({
  ticket_id: z.string(),
  ticket_title: z.string().nullable(),
  ticket_number: z.number().nullable(),
  project_key: z.string().nullable(),
});
export type TicketPlace = z.output<typeof ticketPlace>;

const countsRow = z.object({ waiting: z.number(), toSee: z.number() });
const fieldRow = z.object({ field: z.string() });
