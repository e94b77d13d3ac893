import { z } from 'zod';
import {
  type ActivityEntry,
  type ActivityFilter,
  type ActivityRange,
  type ActivityScope,
  activityEntry,
  activityQuery,
} from './activity-query.ts';
import { useQuery } from './use-query.ts';

/** One page of what happened, newest first, live; undefined until read. */
export function useActivityPage(
  scope: ActivityScope,
  filter: ActivityFilter,
  range: ActivityRange,
): readonly ActivityEntry[] | undefined {
  return useQuery({ ...activityQuery(scope, filter, range), row: activityEntry });
}

const actorRow = z.object({ actor_id: z.string() });

/** Everybody who has changed something in a project; undefined until read. */
export function useActors(projectId: string): readonly string[] | undefined {
  return useQuery({
    sql: 'SELECT DISTINCT actor_id FROM activity WHERE project_id = ?',
    params: [projectId],
    tables: ['activity'],
    row: actorRow,
  })?.map((row) => row.actor_id);
}

const deletion = z.object({ actor_id: z.string(), created_at: z.string() });
export type Deletion = z.output<typeof deletion>;

/** Who moved a ticket to the trash last, and when; undefined until the log has reached this device. */
export function useDeletion(ticketId: string): Deletion | undefined {
  return useQuery({
    sql: `SELECT actor_id, created_at FROM activity
      WHERE ticket_id = ? AND subject = 'ticket' AND action = 'deleted' ORDER BY created_at DESC LIMIT 1`,
    params: [ticketId],
    tables: ['activity'],
    row: deletion,
  })?.[0];
}
