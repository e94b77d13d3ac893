import { z } from 'zod';
import { useLocalData } from './context.ts';
import { useQuery } from './use-query.ts';

const SHOWN = 200;

const placed = {
  id: z.string(),
  ticket_id: z.string().nullable(),
  ticket_title: z.string().nullable(),
  ticket_number: z.number().nullable(),
  project_key: z.string().nullable(),
};

const openConflict = z.object({
  ...placed,
  field: z.string(),
  /** JSON, as are all values of a conflict. */
  base: z.string().nullable(),
  current: z.string().nullable(),
  proposed: z.string().nullable(),
  author_id: z.string(),
  opened_at: z.string(),
});
export type OpenConflict = z.output<typeof openConflict>;

const notice = z.object({
  ...placed,
  kind: z.string(),
  /** JSON: what the sentence needs. */
  detail: z.string().nullable(),
  created_at: z.string(),
  read_at: z.string().nullable(),
});
export type Notice = z.output<typeof notice>;

const TICKET_OF = `LEFT JOIN tickets t ON t.id = n.ticket_id LEFT JOIN projects p ON p.id = n.project_id`;
const TICKET_COLUMNS = `n.ticket_id, t.title AS ticket_title, t.number AS ticket_number, p.key AS project_key`;

/** The open questions of this person's projects, newest first; undefined until read. */
export function useOpenConflicts(): readonly OpenConflict[] | undefined {
  return useQuery({
    sql: `SELECT n.id, ${TICKET_COLUMNS}, n.field, n.base, n.current, n.proposed, n.author_id, n.opened_at
      FROM conflicts n ${TICKET_OF} WHERE n.state = 'open' ORDER BY n.opened_at DESC LIMIT ${SHOWN}`,
    tables: ['conflicts', 'tickets', 'projects'],
    row: openConflict,
  });
}

/** What this person was told, newest first; undefined until read. */
export function useNotices(): readonly Notice[] | undefined {
  const { userId } = useLocalData();
  return useQuery({
    sql: `SELECT n.id, ${TICKET_COLUMNS}, n.kind, n.detail, n.created_at, n.read_at
      FROM notices n ${TICKET_OF} WHERE n.user_id = ? ORDER BY n.created_at DESC LIMIT ${SHOWN}`,
    params: [userId],
    tables: ['notices', 'tickets', 'projects'],
    row: notice,
  });
}
