import type { FieldValue } from '../../shared/tickets/fields.ts';
import type { MemoryTables } from '../fakes/memory-tables.ts';

/** A row as a device's SQLite holds it. */
export type Row = Readonly<Record<string, FieldValue>>;

/** What one person's devices are sent: rows by table and id, as `shared/protocol/sync-config.yaml` chooses them. */
export type View = ReadonlyMap<string, ReadonlyMap<string, Row>>;

export const VIEW_TABLES = [
  'tickets',
  'comments',
  'labels',
  'ticket_labels',
  'conflicts',
  'notices',
  'members',
] as const;
export type ViewTable = (typeof VIEW_TABLES)[number];

/** The rows of a project that this person is sent; nothing of it without a role, their own notices always. */
export function viewOf(tables: MemoryTables, projectId: string, userId: string): View {
  const roles = tables.members.get(projectId) ?? new Map();
  const isMember = roles.has(userId);
  const seen = <T>(rows: Iterable<T>): T[] => (isMember ? [...rows] : []);
  return new Map<ViewTable, ReadonlyMap<string, Row>>([
    ['tickets', byId(seen(tables.tickets.values()).map(({ values, ...own }) => ({ ...values, ...own })))],
    ['comments', byId(seen(tables.comments.values()))],
    ['labels', byId(seen(tables.labels.values()))],
    ['ticket_labels', byId(seen(tables.ticketLabels.values()))],
    [
      'conflicts',
      byId(
        seen(tables.conflicts.values()).map((conflict) => ({
          ...conflict,
          base: JSON.stringify(conflict.base),
          current: JSON.stringify(conflict.current),
          proposed: JSON.stringify(conflict.proposed),
          resolution: conflict.resolved_by === null ? null : JSON.stringify(conflict.resolution),
          resolved_seeing: conflict.resolved_by === null ? null : JSON.stringify(conflict.resolved_seeing),
        })),
      ),
    ],
    [
      'notices',
      byId(
        [...tables.notices.values()]
          .filter((notice) => notice.user_id === userId)
          .map(({ detail, ...notice }) => ({ ...notice, detail: JSON.stringify(detail) })),
      ),
    ],
    ['members', byId(seen(roles).map(([user_id, role]) => ({ id: user_id, user_id, role })))],
  ]);
}

/** In the order of their ids: which row a step picks must not depend on how a store keeps them. */
const byId = <T extends Row & { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row] as const).sort(([one], [other]) => (one < other ? -1 : 1)));
