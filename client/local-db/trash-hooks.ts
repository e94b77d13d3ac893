import { z } from 'zod';
import { useQuery } from './use-query.ts';

const trashedTicket = z.object({
  id: z.string(),
  number: z.number().nullable(),
  title: z.string(),
  deleted_at: z.string(),
  /** Null until the log has reached this device. */
  deleted_by: z.string().nullable(),
  /** How many edits of it, made apart, wait for a decision (C11). */
  waiting: z.number(),
});
export type TrashedTicket = z.output<typeof trashedTicket>;

/** The tickets in a project's trash, last deleted first; undefined until read. */
export function useTrash(projectId: string, limit: number): readonly TrashedTicket[] | undefined {
  return useQuery({
    sql: `SELECT t.id, t.number, t.title, t.deleted_at,
        (SELECT actor_id FROM activity WHERE ticket_id = t.id AND subject = 'ticket' AND action = 'deleted'
          ORDER BY created_at DESC LIMIT 1) AS deleted_by,
        (SELECT count(*) FROM conflicts WHERE ticket_id = t.id AND state = 'open') AS waiting
      FROM tickets t WHERE t.project_id = ? AND t.deleted_at IS NOT NULL
      ORDER BY t.deleted_at DESC, t.id DESC LIMIT ?`,
    params: [projectId, Math.max(1, Math.trunc(limit))],
    tables: ['tickets', 'activity', 'conflicts'],
    row: trashedTicket,
  });
}
