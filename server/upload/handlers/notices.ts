import { APPLIED, UNCHANGED } from '../answer.ts';
import { type Handler, handled, notFromQueue, refuse, unknownColumns } from '../handler.ts';

/** A notice changes in one way: its reader reads it. When is the server's to say (C17). */
export const handleNotice: Handler = (op, { actor, draft, now }) => {
  if (op.verb !== 'PATCH') return notFromQueue('Notices cannot be added or removed here.');
  const notice = draft.notices.get(op.id);
  if (!notice || notice.user_id !== actor.userId)
    return refuse('This notice does not exist, or it is not yours.');
  const unknown = unknownColumns(op, (column) => column === 'read_at');
  if (unknown !== null) return refuse('Of a notice, only whether it was read can be changed.');
  const wasRead = notice.read_at !== null;
  const isRead = Boolean(op.data.read_at);
  if (op.data.read_at === undefined || wasRead === isRead) return handled(UNCHANGED);
  draft.notices.put({ ...notice, read_at: isRead ? now : null });
  return handled(APPLIED);
};
