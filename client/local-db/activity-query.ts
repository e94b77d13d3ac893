import type { QueryParam } from '@powersync/common';
import { z } from 'zod';
import { FIELD_NAMES } from '../../shared/tickets/fields.ts';
import { activityRow } from './rows.ts';

/** What a feed of changes is about: one ticket, or everything in a project. */
export type ActivityScope = { readonly ticketId: string } | { readonly projectId: string };

export const ACTIVITY_KINDS = ['fields', 'met', 'comments', 'labels', 'tickets', 'project'] as const;
/** `met`: where edits of different people met; `project`: members, policies and settings. */
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

export interface ActivityFilter {
  readonly actorId?: string | undefined;
  readonly kind?: ActivityKind | undefined;
}

/** A place in a feed that is ordered newest first. */
export interface ActivityCursor {
  readonly createdAt: string;
  readonly id: string;
}

/** A page: what is older than `after`, down to `until` itself, or at most `limit` where it has no lower end yet. */
export interface ActivityRange {
  readonly after?: ActivityCursor | undefined;
  readonly until?: ActivityCursor | undefined;
  readonly limit: number;
}

const value = z.union([z.string(), z.number()]).nullable();

/** A line of the audit log with what it needs beside it. What the log and a conflict hold of values are JSON texts. */
export const activityEntry = activityRow.extend({
  ticket_number: z.number().nullable(),
  ticket_title: z.string().nullable(),
  ticket_deleted_at: z.string().nullable(),
  /** What stands now in the field, comment or label the line is about; null also where that is gone. */
  standing: value,
  /** Of the comment that the line is about; null where that is gone. */
  comment_author: z.string().nullable(),
  /** Of the question that the line opened or went on with. */
  conflict_base: z.string().nullable(),
  conflict_proposed: z.string().nullable(),
  conflict_state: z.string().nullable(),
});
export type ActivityEntry = z.output<typeof activityEntry>;

interface Query {
  readonly sql: string;
  readonly params: readonly QueryParam[];
  readonly tables: readonly string[];
}

/** One page of a feed. Pages are cut by place, not by count: what arrives meanwhile moves nothing to another page. */
export function activityQuery(scope: ActivityScope, filter: ActivityFilter, range: ActivityRange): Query {
  const parts = [scopeCondition(scope), ...filterConditions(filter), ...rangeConditions(range)];
  const limit = range.until ? '' : ` LIMIT ${Math.max(1, Math.trunc(range.limit))}`;
  return {
    sql: `SELECT a.*, t.number AS ticket_number, t.title AS ticket_title, t.deleted_at AS ticket_deleted_at,
        ${STANDING} AS standing,
        (SELECT author_id FROM comments WHERE a.subject = 'comment' AND id = a.subject_id) AS comment_author,
        c.base AS conflict_base, c.proposed AS conflict_proposed, c.state AS conflict_state
      FROM activity a LEFT JOIN tickets t ON t.id = a.ticket_id LEFT JOIN conflicts c ON c.id = a.subject_id
      WHERE ${parts.map((part) => part.sql).join(' AND ')}
      ORDER BY a.created_at DESC, a.id DESC${limit}`,
    params: parts.flatMap((part) => part.params ?? []),
    tables: ['activity', 'tickets', 'conflicts', 'comments', 'ticket_labels'],
  };
}

const FIELD_CASES = FIELD_NAMES.map((name) => `WHEN '${name}' THEN t.${name}`).join(' ');

const STANDING = `CASE a.subject ${FIELD_CASES}
  WHEN 'comment' THEN (SELECT body FROM comments WHERE id = a.subject_id)
  WHEN 'label' THEN (SELECT label_id FROM ticket_labels WHERE id = a.ticket_id || '/' || a.subject_id) END`;

interface Condition {
  readonly sql: string;
  readonly params?: readonly QueryParam[];
}

const scopeCondition = (scope: ActivityScope): Condition =>
  'ticketId' in scope
    ? { sql: 'a.ticket_id = ?', params: [scope.ticketId] }
    : { sql: 'a.project_id = ?', params: [scope.projectId] };

const KIND_CONDITIONS: Readonly<Record<ActivityKind, string>> = {
  fields: `a.subject IN (${FIELD_NAMES.map((name) => `'${name}'`).join(', ')})`,
  met: `(a.outcome IN ('kept', 'review', 'merged') OR a.overwrote_id IS NOT NULL OR a.action = 'resolved')`,
  comments: `a.subject = 'comment'`,
  labels: `a.subject = 'label'`,
  tickets: `a.subject = 'ticket'`,
  project: `a.subject IN ('member', 'policy', 'project')`,
};

function filterConditions({ actorId, kind }: ActivityFilter): Condition[] {
  return [
    ...(actorId === undefined ? [] : [{ sql: 'a.actor_id = ?', params: [actorId] }]),
    ...(kind === undefined ? [] : [{ sql: KIND_CONDITIONS[kind] }]),
  ];
}

function rangeConditions({ after, until }: ActivityRange): Condition[] {
  const older = 'a.created_at <= ? AND (a.created_at < ? OR a.id < ?)';
  const notOlder = 'a.created_at >= ? AND (a.created_at > ? OR a.id >= ?)';
  return [
    ...(after ? [{ sql: older, params: placeOf(after) }] : []),
    ...(until ? [{ sql: notOlder, params: placeOf(until) }] : []),
  ];
}

const placeOf = ({ createdAt, id }: ActivityCursor): QueryParam[] => [createdAt, createdAt, id];
