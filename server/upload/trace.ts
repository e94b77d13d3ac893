import type { NewNotice } from '../review/rows.ts';
import type { ActivityRow } from '../tickets/rows.ts';
import type { Judgement } from './handler.ts';
import type { QueuedOp } from './parse.ts';

/** What a line of the audit log says, besides who did it, when and on which device. */
export type Trace = Pick<ActivityRow, 'project_id' | 'ticket_id' | 'subject' | 'action' | 'outcome'> &
  Partial<Pick<ActivityRow, 'subject_id' | 'before' | 'after' | 'rule' | 'overwrote_id'>>;

/** Adds a line to the audit log. Author and device are the server's knowledge, never the op's claim (C17). */
export function trace({ draft, actor, deviceId }: Judgement, op: QueuedOp, line: Trace): void {
  draft.activity.push({
    subject_id: null,
    before: null,
    after: null,
    rule: null,
    overwrote_id: null,
    ...line,
    actor_id: actor.userId,
    device_id: deviceId,
    op_id: op.opId,
    made_at: op.madeAt,
    offline_since: op.offlineSince,
  });
}

/** Tells one person something, if they are still a member: values of a project are for its members only. */
export function notify({ draft, actor, snapshot }: Judgement, notice: NewNotice): void {
  if (!snapshot.members.get(notice.project_id)?.has(notice.user_id)) return;
  draft.newNotices.push({ ...notice, detail: { ...notice.detail, actor_id: actor.userId } });
}

/** As {@link notify}, for what somebody did to another person's work: nobody is told of their own doing. */
export function notifyOther(judgement: Judgement, notice: NewNotice): void {
  if (notice.user_id !== judgement.actor.userId) notify(judgement, notice);
}
