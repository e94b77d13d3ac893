import type { FieldEdit } from '../../shared/conflict/fold.ts';
import type { FieldName } from '../../shared/tickets/fields.ts';
import type { NewNotice } from '../review/rows.ts';
import type { ActivityRow } from '../tickets/rows.ts';
import type { Answer } from './answer.ts';
import { createJournal, type Journal, type JournaledList, type JournaledMap } from './journal.ts';
import type { QueuedOp } from './parse.ts';
import type { Changes, RowChanges, Snapshot } from './store.ts';

/** What an upload has come to so far, over a snapshot of the database. Nothing is written before all is decided. */
export interface Draft {
  readonly tickets: Rows<Snapshot['tickets'][number]>;
  readonly comments: Rows<Snapshot['comments'][number]>;
  readonly labels: Rows<Snapshot['labels'][number]>;
  readonly ticketLabels: Rows<Snapshot['ticketLabels'][number]>;
  readonly conflicts: Rows<Snapshot['conflicts'][number]>;
  readonly notices: Rows<Snapshot['notices'][number]>;
  readonly descriptionReviews: Rows<Snapshot['descriptionReviews'][number]>;
  readonly newNotices: JournaledList<NewNotice>;
  readonly activity: JournaledList<ActivityRow>;
  readonly lastNumbers: JournaledMap<string, number>;
  readonly valueAuthors: JournaledMap<string, string>;
  /** Labels this device knows under another id than the project does. */
  readonly labelAliases: JournaledMap<string, string>;
  /** Edits of fields that wait to be folded, by ticket and field (C2). */
  readonly chains: JournaledMap<string, Chain>;
  /** What each op has come to, in parts: one for each field or row it names. */
  readonly answers: JournaledList<{ readonly opId: number; readonly answer: Answer }>;
  mark(): number;
  rollback(mark: number): void;
  changes(): Changes;
}

/** One device's edits of one field within an upload. `base` is what it saw before the first of them. */
export interface Chain {
  readonly ticketId: string;
  readonly field: FieldName;
  readonly base: FieldEdit['base'];
  readonly steps: readonly ChainStep[];
}

export interface ChainStep {
  readonly op: QueuedOp;
  readonly edit: FieldEdit;
}

export interface Rows<Row> {
  get(id: string): Row | undefined;
  put(row: Row): void;
  remove(id: string): void;
  all(): Iterable<Row>;
}

export function createDraft(snapshot: Snapshot): Draft {
  const journal = createJournal();
  const tickets = rowsOver(journal, snapshot.tickets);
  const comments = rowsOver(journal, snapshot.comments);
  const labels = rowsOver(journal, snapshot.labels);
  const ticketLabels = rowsOver(journal, snapshot.ticketLabels);
  const conflicts = rowsOver(journal, snapshot.conflicts);
  const notices = rowsOver(journal, snapshot.notices);
  const descriptionReviews = rowsOver(journal, snapshot.descriptionReviews);
  const newNotices = journal.list<NewNotice>();
  const activity = journal.list<ActivityRow>();
  const lastNumbers = journal.map(snapshot.lastNumbers);
  return {
    tickets,
    comments,
    labels,
    ticketLabels,
    conflicts,
    notices,
    descriptionReviews,
    newNotices,
    activity,
    lastNumbers,
    valueAuthors: journal.map(snapshot.valueAuthors),
    labelAliases: journal.map<string, string>(),
    chains: journal.map<string, Chain>(),
    answers: journal.list(),
    mark: journal.mark,
    rollback: journal.rollback,
    changes: () => ({
      tickets: tickets.changes(),
      comments: comments.changes(),
      labels: labels.changes(),
      ticketLabels: ticketLabels.changes(),
      conflicts: conflicts.changes(),
      notices: notices.changes(),
      descriptionReviews: descriptionReviews.changes(),
      newNotices: [...newNotices.items],
      activity: [...activity.items],
      lastNumbers: new Map(lastNumbers),
    }),
  };
}

/** Rows as they would stand, with the difference to how they were read. */
function rowsOver<Row extends { readonly id: string }>(
  journal: Journal,
  stored: readonly Row[],
): Rows<Row> & { changes(): RowChanges<Row> } {
  const before = new Map(stored.map((row) => [row.id, row]));
  const now = journal.map(before);
  return {
    get: (id) => now.get(id),
    put: (row) => now.set(row.id, row),
    remove: (id) => now.delete(id),
    all: () => now.values(),
    changes() {
      const rows = [...now.values()];
      return {
        inserted: rows.filter((row) => !before.has(row.id)),
        updated: rows.filter((row) => before.has(row.id) && before.get(row.id) !== row),
        deleted: [...before.keys()].filter((id) => !now.has(id)),
      };
    },
  };
}
