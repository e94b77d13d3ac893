/** An op as the upload queue holds it. */
export interface QueuedOp {
  readonly opId: number;
  readonly op: 'PUT' | 'PATCH' | 'DELETE';
  readonly table: string;
  readonly rowId: string;
  readonly data: Columns;
  /** What stood on this device before: of a PATCH the columns it names, of a DELETE the whole row. */
  readonly old: Columns;
}

export type Columns = Readonly<Record<string, unknown>>;

/** What it takes for an op never to have been made. `docs/decisions/0004-discarding-a-queued-op.md` says why so. */
export interface DiscardPlan {
  /** The op itself and what builds on it, oldest first. */
  readonly removed: readonly QueuedOp[];
  /** Later edits of the same fields: what their author then saw is what stood before the discarded op. */
  readonly rewritten: readonly { readonly opId: number; readonly old: Columns }[];
  /** Brings the rows on this device back, in this order. */
  readonly rows: readonly RowRepair[];
}

export type RowRepair =
  | { readonly kind: 'remove'; readonly table: string; readonly id: string }
  | { readonly kind: 'set'; readonly table: string; readonly id: string; readonly values: Columns }
  /** Brings a deleted row back, where no other op has by now. */
  | { readonly kind: 'restore'; readonly table: string; readonly id: string; readonly values: Columns };

/** `queue`: all ops that wait, oldest first. Null when the op is not among them. */
export function planDiscard(queue: readonly QueuedOp[], opId: number): DiscardPlan | null {
  const removed = withDependents(queue, opId);
  const [op] = removed;
  if (!op) return null;
  const gone = new Set(removed.map((one) => one.opId));
  const later = queue.filter((one) => one.opId > opId && !gone.has(one.opId) && isSameRow(one, op));
  // Of the others nothing is left that could have been built upon, so they are undone one by one, the last first.
  const dependents = removed.slice(1).reverse().map(undo);
  return {
    removed,
    rewritten: rewrite(op, later),
    rows: [...dependents, ...(later.length === 0 ? [undo(op)] : undoBeneath(op, later))],
  };
}

/** What a person must hear before they discard an op: what goes with it. */
export const dependentsOf = (queue: readonly QueuedOp[], opId: number): readonly QueuedOp[] =>
  withDependents(queue, opId).slice(1);

function withDependents(queue: readonly QueuedOp[], opId: number): QueuedOp[] {
  const first = queue.find((one) => one.opId === opId);
  if (!first) return [];
  if (!isCreation(first)) return [first];
  const created = new Set([first.rowId]);
  return queue.filter((one) => {
    if (one === first) return true;
    if (one.opId < opId || !buildsOn(one, created)) return false;
    if (isCreation(one)) created.add(one.rowId);
    return true;
  });
}

/** A label on a ticket is a row of its own, but adding and removing it do not build on each other. */
const isCreation = ({ op, table }: QueuedOp): boolean => op === 'PUT' && table !== 'ticket_labels';

function buildsOn({ table, rowId, data }: QueuedOp, created: ReadonlySet<string>): boolean {
  if (created.has(rowId)) return true;
  if (table === 'ticket_labels') return rowId.split('/').some((id) => created.has(id));
  return table === 'comments' && typeof data.ticket_id === 'string' && created.has(data.ticket_id);
}

const isSameRow = (a: QueuedOp, b: QueuedOp): boolean => a.table === b.table && a.rowId === b.rowId;

function undo({ op, table, rowId: id, old }: QueuedOp): RowRepair {
  switch (op) {
    case 'PUT':
      return { kind: 'remove', table, id };
    case 'PATCH':
      return { kind: 'set', table, id, values: old };
    case 'DELETE':
      return { kind: 'restore', table, id, values: old };
  }
}

/** Where later ops of the row stay, only columns that none of them names come back. */
function undoBeneath(op: QueuedOp, later: readonly QueuedOp[]): RowRepair[] {
  if (op.op !== 'PATCH') return [];
  const free = Object.entries(op.old).filter(([column]) => !nextNaming(column, later));
  if (free.length === 0) return [];
  return [{ kind: 'set', table: op.table, id: op.rowId, values: Object.fromEntries(free) }];
}

/** C2 folds an op's edits from the first `old`; each later edit of a column must go on from what is left. */
function rewrite(op: QueuedOp, later: readonly QueuedOp[]): DiscardPlan['rewritten'] {
  if (op.op !== 'PATCH') return [];
  const changed = new Map<number, QueuedOp & { old: Columns }>();
  for (const [column, value] of Object.entries(op.old)) {
    const next = nextNaming(column, later);
    if (!next) continue;
    const known = changed.get(next.opId) ?? next;
    changed.set(next.opId, { ...known, old: { ...known.old, [column]: value } });
  }
  return [...changed.values()].map(({ opId, old }) => ({ opId, old }));
}

/** The first op that says what it saw in a column. */
const nextNaming = (column: string, later: readonly QueuedOp[]): QueuedOp | undefined =>
  later.find(({ old }) => Object.hasOwn(old, column));
