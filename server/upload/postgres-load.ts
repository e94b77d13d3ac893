import type pg from 'pg';
import { z } from 'zod';
import { ROLES, type Role } from '../../shared/permissions/can.ts';
import { isFieldName, type Policy } from '../../shared/tickets/fields.ts';
import { lockReviews } from '../history/review-store.ts';
import { readConflicts, ticketsOfConflicts } from '../review/conflict-store.ts';
import { lockNotices } from '../review/notice-store.ts';
import { readPolicies } from '../review/policy-store.ts';
import { readValueAuthors } from '../tickets/activity-store.ts';
import { readComments } from '../tickets/comment-store.ts';
import { readLabels, readTicketLabels } from '../tickets/label-store.ts';
import { lockNumbers, lockTickets } from '../tickets/ticket-store.ts';
import { fieldKey, type Needs, type Snapshot } from './store.ts';

/**
 * Reads all that an upload may touch in a fixed number of queries. Order matters: the roles first, then tickets,
 * then counters, so that uploads wait for each other in one direction only; the rest is read under those locks.
 */
export async function loadSnapshot(tx: pg.ClientBase, needs: Needs): Promise<Snapshot> {
  const roles = await lockRoles(tx, needs.userId);
  const tickets = await lockTickets(tx, await ticketsToLock(tx, needs));
  const ticketIds = tickets.map((ticket) => ticket.id);
  const projectIds = [...new Set([...needs.projectIds, ...tickets.map((ticket) => ticket.project_id)])];
  const lastNumbers = await lockNumbersOf(tx, needs);
  const members = await readMembers(tx, projectIds);
  const conflicts = await readConflicts(tx, needs.conflictIds, ticketIds);
  const fields = [...new Set([...needs.fields, ...conflicts.map((conflict) => conflict.field)])];
  const authors = await readValueAuthors(tx, ticketIds, fields);
  const people = [
    ...[...members.values()].flatMap((ids) => [...ids]),
    ...authors.map((author) => author.actor_id),
    ...tickets.flatMap((ticket) => [ticket.created_by, String(ticket.values.assignee_id)]),
    ...conflicts.flatMap((conflict) => conflict.resolved_by ?? []),
  ];
  const valueAuthors = new Map(
    authors.flatMap(({ ticket_id, subject, actor_id }) =>
      isFieldName(subject) ? [[fieldKey(ticket_id, subject), actor_id] as const] : [],
    ),
  );
  return {
    roles,
    tickets,
    lastNumbers,
    members,
    conflicts,
    names: await readNames(tx, [...new Set(people)]),
    policies: await readChosenPolicies(tx, projectIds),
    valueAuthors,
    comments: needs.commentIds.length > 0 ? await readComments(tx, needs.commentIds) : [],
    labels: needs.labelIds.length > 0 ? await readLabels(tx, needs.labelIds, needs.labelProjectIds) : [],
    ticketLabels: needs.labelIds.length > 0 ? await readTicketLabels(tx, ticketIds) : [],
    notices: needs.noticeIds.length > 0 ? await lockNotices(tx, needs.noticeIds) : [],
    descriptionReviews:
      needs.descriptionReviewIds.length > 0 ? await lockReviews(tx, needs.descriptionReviewIds) : [],
  };
}

/** The tickets that ops name, and those behind the comments and conflicts that they name. */
async function ticketsToLock(tx: pg.ClientBase, needs: Needs): Promise<string[]> {
  const comments = needs.commentIds.length > 0 ? await readComments(tx, needs.commentIds) : [];
  const ofConflicts = needs.conflictIds.length > 0 ? await ticketsOfConflicts(tx, needs.conflictIds) : [];
  return [...new Set([...needs.ticketIds, ...comments.map((comment) => comment.ticket_id), ...ofConflicts])];
}

const membership = z.object({ project_id: z.string(), role: z.enum(ROLES) });

/** A role that is being taken away is either gone before this, or stays until the upload is stored (C18). */
async function lockRoles(tx: pg.ClientBase, userId: string): Promise<Map<string, Role>> {
  const sql = 'SELECT project_id, role FROM members WHERE user_id = $1 ORDER BY id FOR SHARE';
  const { rows } = await tx.query(sql, [userId]);
  return new Map(
    z
      .array(membership)
      .parse(rows)
      .map((row) => [row.project_id, row.role]),
  );
}

async function lockNumbersOf(tx: pg.ClientBase, needs: Needs): Promise<Map<string, number>> {
  return needs.numberedProjectIds.length > 0 ? lockNumbers(tx, needs.numberedProjectIds) : new Map();
}

const memberRow = z.object({ project_id: z.string(), user_id: z.string() });

async function readMembers(
  tx: pg.ClientBase,
  projectIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const sql = 'SELECT project_id, user_id FROM members WHERE project_id = ANY($1::uuid[])';
  const { rows } = await tx.query(sql, [projectIds]);
  const members = new Map<string, Set<string>>();
  for (const { project_id, user_id } of z.array(memberRow).parse(rows)) {
    members.set(project_id, (members.get(project_id) ?? new Set()).add(user_id));
  }
  return members;
}

const profileRow = z.object({ id: z.string(), name: z.string() });

async function readNames(tx: pg.ClientBase, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query('SELECT id, name FROM profiles WHERE id = ANY($1::text[])', [ids]);
  return new Map(
    z
      .array(profileRow)
      .parse(rows)
      .map((row) => [row.id, row.name]),
  );
}

async function readChosenPolicies(
  tx: pg.ClientBase,
  projectIds: readonly string[],
): Promise<Map<string, Policy>> {
  const rows = await readPolicies(tx, projectIds);
  return new Map(rows.map((row) => [fieldKey(row.project_id, row.field), row.policy]));
}
