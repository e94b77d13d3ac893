import { can } from '../../../shared/permissions/can.ts';
import type { LabelRow } from '../../tickets/rows.ts';
import { type Answer, APPLIED, UNCHANGED } from '../answer.ts';
import {
  type Handled,
  type Handler,
  handled,
  type Judgement,
  notFromQueue,
  refuse,
  unknownColumns,
} from '../handler.ts';
import { asRowId, type QueuedOp } from '../parse.ts';
import { trace } from '../trace.ts';

const COLUMNS: readonly string[] = ['id', 'project_id', 'name', 'color', 'created_at'];
const NAME_MAX = 100;
const COLOR_MAX = 50;

/** A label is known by its name: two devices that make the same one have made one (set policy). */
export const handleLabel: Handler = (op, judgement) => {
  if (op.verb !== 'PUT') return notFromQueue('Labels can only be added, not changed or removed.');
  const { actor, draft } = judgement;
  const projectId = asRowId(op.data.project_id);
  if (asRowId(op.id) === null || projectId === null)
    return refuse('This label names no project. Add it again.');
  const allowed = can(actor, 'label.manage', { projectId });
  const place = actor.roles.has(projectId) ? { projectId, ticketId: null } : null;
  if (!allowed.allowed) return refuse(allowed.reason, place);
  const unknown = unknownColumns(op, (column) => COLUMNS.includes(column));
  if (unknown !== null) return refuse(unknown, place);
  const name = readText(op.data.name, NAME_MAX);
  const color = readText(op.data.color, COLOR_MAX) ?? 'gray';
  if (name === null) return refuse(`Label: a name of 1 to ${NAME_MAX} characters is needed.`, place);
  const wanted = { id: op.id, project_id: projectId, name, color };
  const same = [...draft.labels.all()].find(
    (label) => label.project_id === projectId && isNamed(label, name),
  );
  if (same) return merge(op, judgement, same, wanted);
  if (draft.labels.get(op.id))
    return refuse('This label’s id is taken. Add it again under another name.', place);
  draft.labels.put(wanted);
  traceLabel(judgement, op, wanted, { action: 'created', after: describe(wanted), outcome: 'applied' });
  return handled(APPLIED);
};

function merge(op: QueuedOp, judgement: Judgement, existing: LabelRow, wanted: LabelRow): Handled {
  if (existing.id !== wanted.id) judgement.draft.labelAliases.set(wanted.id, existing.id);
  const isSame = existing.name === wanted.name && existing.color === wanted.color;
  if (isSame) return handled(existing.id === wanted.id ? UNCHANGED : ALREADY_THERE);
  const line = {
    action: 'proposed',
    before: describe(existing),
    after: describe(wanted),
    outcome: 'merged',
  } as const;
  traceLabel(judgement, op, existing, line);
  return handled(ALREADY_THERE);
}

const ALREADY_THERE: Answer = {
  outcome: 'merged',
  reason: 'The project has this label already; it is used as it is.',
};

type LabelTrace = Pick<Parameters<typeof trace>[2], 'action' | 'before' | 'after' | 'outcome'>;

function traceLabel(judgement: Judgement, op: QueuedOp, label: LabelRow, line: LabelTrace): void {
  const about = { project_id: label.project_id, ticket_id: null, subject: 'label', subject_id: label.id };
  trace(judgement, op, { ...about, ...line });
}

const describe = ({ name, color }: LabelRow) => ({ name, color });

const isNamed = (label: LabelRow, name: string): boolean => label.name.toLowerCase() === name.toLowerCase();

function readText(value: unknown, max: number): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text.length > 0 && text.length <= max ? text : null;
}
