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
