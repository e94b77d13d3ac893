import type { ConflictRow } from '../review/rows.ts';
import type { Answer } from './answer.ts';
import { type Case, noticeAuthor, traceEdit } from './case.ts';
import type { Judgement } from './handler.ts';
import { notifyOther } from './trace.ts';

/** Opens a conflict, or lets the device's open one ask about the newer proposal (C3). */
export function ask(
  judgement: Judgement,
  the: Case,
  kind: ConflictRow['kind'],
  reason: string | null,
): Answer {
  const { actor, deviceId, draft } = judgement;
  const id = the.continued?.id ?? judgement.newId();
  draft.conflicts.put({
    ...(the.continued ?? UNANSWERED),
    id,
    project_id: the.ticket.project_id,
    ticket_id: the.ticket.id,
    kind,
    field: the.field,
    base: the.edit.base === undefined ? the.current : the.edit.base,
    current: the.current,
    current_author_id: the.currentAuthor,
    proposed: the.edit.incoming,
    author_id: actor.userId,
    device_id: deviceId,
    state: 'open',
    made_at: the.op.madeAt,
    offline_since: the.op.offlineSince,
  });
  traceEdit(
    judgement,
    the,
    { action: 'proposed', outcome: 'review', rule: kind === 'field' ? 'review' : null },
    id,
  );
  if (!the.continued) noticeQuestion(judgement, the, id);
  return { outcome: 'review', reason, conflictId: id };
}

const UNANSWERED = { resolution: null, resolved_seeing: null, resolved_by: null, resolved_at: null } as const;

function noticeQuestion(judgement: Judgement, the: Case, conflictId: string): void {
  noticeAuthor(judgement, the, 'review', { conflict_id: conflictId });
  notifyOther(judgement, {
    user_id: the.currentAuthor,
    project_id: the.ticket.project_id,
    ticket_id: the.ticket.id,
    kind: 'review',
    detail: { field: the.field, conflict_id: conflictId, current: the.current, proposed: the.edit.incoming },
  });
}

/** Closes the device’s earlier question, which the edit has answered or withdrawn (C3). */
export function supersede({ draft }: Judgement, { continued }: Case): void {
  if (continued) draft.conflicts.put({ ...continued, state: 'superseded' });
}
