import { can } from '../../../shared/permissions/can.ts';
import { excerptOf, mentionsIn, withPlainMentions } from '../../../shared/tickets/mentions.ts';
import type { CommentRow, TicketRow } from '../../tickets/rows.ts';
import { type Answer, APPLIED, UNCHANGED } from '../answer.ts';
import {
  type Handled,
  type Handler,
  handled,
  type Judgement,
  refuse,
  UNKNOWN_TICKET,
  unknownColumns,
} from '../handler.ts';
import { asRowId, type QueuedOp } from '../parse.ts';
import { notifyOther, trace } from '../trace.ts';

const BODY_MAX = 65_536;
/** One comment cannot fill everybody's notices. */
const MENTIONS_MAX = 50;
const COLUMNS: readonly string[] = [
  'id',
  'project_id',
  'ticket_id',
  'author_id',
  'body',
  'created_at',
  'updated_at',
];
const GONE =
  'This comment does not exist any more. Your text is kept in the outbox: copy it into a new comment.';

export const handleComment: Handler = (op, judgement) => {
  const comment = judgement.draft.comments.get(op.id);
  const unknown = unknownColumns(op, (column) => COLUMNS.includes(column));
  if (unknown !== null) return refuse(unknown, comment ? placeOf(comment) : null);
  switch (op.verb) {
    case 'PUT':
      return comment ? rewrite(op, judgement, comment) : add(op, judgement);
    case 'PATCH':
      return comment ? rewrite(op, judgement, comment) : refuse(GONE);
    case 'DELETE':
      return comment ? remove(op, judgement, comment) : handled(ALREADY_GONE);
  }
};

const ALREADY_GONE: Answer = { outcome: 'unchanged', reason: 'This comment was gone already.' };

function add(op: QueuedOp, judgement: Judgement): Handled {
  const { actor, draft, now } = judgement;
  if (asRowId(op.id) === null) return refuse('This comment has no readable id. Write it again.');
  const ticketId = asRowId(op.data.ticket_id);
  const ticket = ticketId === null ? undefined : draft.tickets.get(ticketId);
  if (!ticket || !actor.roles.has(ticket.project_id)) return refuse(UNKNOWN_TICKET);
  const place = { projectId: ticket.project_id, ticketId: ticket.id };
  const allowed = can(actor, 'comment.create', { projectId: ticket.project_id });
  if (!allowed.allowed) return refuse(allowed.reason, place);
  const body = readBody(op.data.body);
  if (!body.ok) return refuse(body.reason, place);
  const comment = {
    id: op.id,
    project_id: ticket.project_id,
    ticket_id: ticket.id,
    author_id: actor.userId,
    body: body.text,
    updated_at: now,
  };
  draft.comments.put(comment);
  traceComment(judgement, op, comment, { action: 'added', after: body.text });
  noticeMentions(judgement, comment, '');
  return handled(appliedTo(ticket));
}

function rewrite(op: QueuedOp, judgement: Judgement, comment: CommentRow): Handled {
  const { actor, draft, now } = judgement;
  if (!actor.roles.has(comment.project_id)) return refuse(GONE);
  const allowed = can(actor, 'comment.edit', { projectId: comment.project_id, authorId: comment.author_id });
  if (!allowed.allowed) return refuse(allowed.reason, placeOf(comment));
  if (op.data.body === undefined) return handled(UNCHANGED);
  const body = readBody(op.data.body);
  if (!body.ok) return refuse(body.reason, placeOf(comment));
  if (body.text === comment.body) return handled(UNCHANGED);
  draft.comments.put({ ...comment, body: body.text, updated_at: now });
  const isConcurrent = typeof op.old.body === 'string' && op.old.body.trim() !== comment.body;
  traceComment(judgement, op, comment, {
    action: 'changed',
    before: comment.body,
    after: body.text,
    rule: isConcurrent ? 'last-write-wins' : null,
  });
  noticeMentions(judgement, { ...comment, body: body.text }, comment.body);
  return handled(isConcurrent ? REPLACED : APPLIED);
}

const REPLACED: Answer = {
  outcome: 'applied',
  reason: 'Replaced another edit of this comment made meanwhile. The activity keeps it.',
};

function remove(op: QueuedOp, judgement: Judgement, comment: CommentRow): Handled {
  const { actor, draft } = judgement;
  if (!actor.roles.has(comment.project_id)) return handled(ALREADY_GONE);
  const allowed = can(actor, 'comment.edit', { projectId: comment.project_id, authorId: comment.author_id });
  if (!allowed.allowed) return refuse(allowed.reason, placeOf(comment));
  draft.comments.remove(comment.id);
  traceComment(judgement, op, comment, { action: 'deleted', before: comment.body });
  return handled(APPLIED);
}

/** Tells those whom the text mentions and did not mention before; each of them once, and only members. */
function noticeMentions(judgement: Judgement, comment: CommentRow, before: string): void {
  const known = new Set(mentionsIn(before).map(({ id }) => id));
  const added = mentionsIn(comment.body).filter(({ id }) => !known.has(id));
  for (const { id } of added.slice(0, MENTIONS_MAX)) {
    notifyOther(judgement, {
      user_id: id,
      project_id: comment.project_id,
      ticket_id: comment.ticket_id,
      kind: 'mentioned',
      detail: { comment_id: comment.id, excerpt: excerptOf(withPlainMentions(comment.body)) },
    });
  }
}

/** A comment cannot contradict anything, so it is kept even in the trash; but its author is told where it went. */
function appliedTo(ticket: TicketRow): Answer {
  if (ticket.deleted_at === null) return APPLIED;
  return {
    outcome: 'merged',
    reason:
      'This ticket is in the trash. Your comment is kept with it and shows when the ticket is restored.',
  };
}

type CommentTrace = Pick<Parameters<typeof trace>[2], 'action' | 'before' | 'after' | 'rule'>;

function traceComment(judgement: Judgement, op: QueuedOp, comment: CommentRow, line: CommentTrace): void {
  trace(judgement, op, {
    ...line,
    project_id: comment.project_id,
    ticket_id: comment.ticket_id,
    subject: 'comment',
    subject_id: comment.id,
    outcome: 'applied',
  });
}

function readBody(value: unknown): { ok: true; text: string } | { ok: false; reason: string } {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') return { ok: false, reason: 'Comment: write something first.' };
  if (text.length <= BODY_MAX) return { ok: true, text };
  return { ok: false, reason: `Comment: at most ${BODY_MAX} characters. Split it into several comments.` };
}

const placeOf = (comment: CommentRow) => ({ projectId: comment.project_id, ticketId: comment.ticket_id });
