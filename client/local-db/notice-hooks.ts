import { useMemo } from 'react';
import { z } from 'zod';
import { useLocalData } from './context.ts';
import { readJson } from './rows.ts';
import { useQuery } from './use-query.ts';

const noticeRow = z.object({
  id: z.string(),
  ticket_id: z.string().nullable(),
  ticket_title: z.string().nullable(),
  ticket_number: z.number().nullable(),
  project_key: z.string().nullable(),
  kind: z.string(),
  /** What the sentence needs; its form is the reader's to judge. */
  detail: z.string().nullable().transform(readJson),
  created_at: z.string(),
  read_at: z.string().nullable(),
});
export type Notice = z.output<typeof noticeRow>;

/** What this person was told, newest first; undefined until read. */
export function useNotices(filter: { readonly unreadOnly: boolean; readonly limit: number }) {
  const { userId } = useLocalData();
  return useQuery({
    sql: `SELECT n.id, n.ticket_id, t.title AS ticket_title, t.number AS ticket_number, p.key AS project_key,
        n.kind, n.detail, n.created_at, n.read_at
      FROM notices n LEFT JOIN tickets t ON t.id = n.ticket_id LEFT JOIN projects p ON p.id = n.project_id
      WHERE n.user_id = ? ${filter.unreadOnly ? 'AND n.read_at IS NULL' : ''}
      ORDER BY n.created_at DESC, n.id LIMIT ${filter.limit}`,
    params: [userId],
    tables: ['notices', 'tickets', 'projects'],
    row: noticeRow,
  });
}

/** All that this person has not read, also what no list shows. */
export function useUnreadNotices(): readonly string[] {
  const { userId } = useLocalData();
  const rows = useQuery({
    sql: 'SELECT id FROM notices WHERE user_id = ? AND read_at IS NULL',
    params: [userId],
    tables: ['notices'],
    row: idRow,
  });
  return useMemo(() => rows?.map(({ id }) => id) ?? [], [rows]);
}

const idRow = z.object({ id: z.string() });
