import { type Changes, fieldKey, type RowChanges } from '../../server/upload/store.ts';
import { isFieldName } from '../../shared/tickets/fields.ts';
import type { MemoryTables } from './memory-tables.ts';

/** Says which constraint of the schema the changes would break, or null. */
export function refusalOf(tables: MemoryTables, changes: Changes): string | null {
  const isUnknown = (person: unknown) => person !== null && !tables.profiles.has(String(person));
  const tickets = [...changes.tickets.inserted, ...changes.tickets.updated];
  const checks: readonly (readonly [refused: boolean, words: string])[] = [
    [exists(tables.tickets, changes.tickets), 'a ticket has this id'],
    [changes.tickets.inserted.some((row) => !tables.members.has(row.project_id)), 'there is no such project'],
    [tickets.some((row) => isUnknown(row.values.assignee_id)), 'the assignee is nobody'],
    [hasNumberTwice(tables, changes), 'a ticket of the project has this number'],
    [exists(tables.comments, changes.comments), 'a comment has this id'],
    [exists(tables.labels, changes.labels), 'a label has this id'],
    [hasLabelNameTwice(tables, changes), 'a label of the project has this name'],
    [exists(tables.ticketLabels, changes.ticketLabels), 'the ticket has this label'],
    [hasLooseEnd(tables, changes), 'a label or comment is on a ticket that is not there'],
    [exists(tables.conflicts, changes.conflicts), 'a conflict has this id'],
    [changes.newNotices.some((notice) => isUnknown(notice.user_id)), 'a notice is for nobody'],
  ];
  return checks.find(([refused]) => refused)?.[1] ?? null;
}

/** Puts the changes into the tables; the caller has asked {@link refusalOf} before. */
export function applyChanges(tables: MemoryTables, changes: Changes, newId: () => string): void {
  if (changes.tickets.inserted.length > 0) {
    for (const [projectId, last] of changes.lastNumbers) tables.lastNumbers.set(projectId, last);
  }
  applyRows(tables.tickets, changes.tickets);
  applyRows(tables.labels, changes.labels);
  applyRows(tables.ticketLabels, changes.ticketLabels);
  applyRows(tables.comments, changes.comments);
  applyRows(tables.conflicts, changes.conflicts);
  for (const review of changes.descriptionReviews.updated) tables.descriptionReviews.set(review.id, review);
  for (const { id, read_at } of changes.notices.updated) {
    const notice = tables.notices.get(id);
    if (notice) tables.notices.set(id, { ...notice, read_at });
  }
  for (const notice of changes.newNotices) {
    const id = newId();
    tables.notices.set(id, { ...notice, id, read_at: null });
  }
  for (const line of changes.activity) {
    tables.activity.push(line);
    if (line.ticket_id !== null && isFieldName(line.subject) && line.outcome === 'applied') {
      tables.valueAuthors.set(fieldKey(line.ticket_id, line.subject), line.actor_id);
    }
  }
}

interface Identified {
  readonly id: string;
}

function applyRows<Row extends Identified>(rows: Map<string, Row>, changes: RowChanges<Row>): void {
  for (const id of changes.deleted) rows.delete(id);
  for (const row of [...changes.inserted, ...changes.updated]) rows.set(row.id, row);
}

/** A row that is to be inserted is there already. */
function exists<Row extends Identified>(rows: ReadonlyMap<string, Row>, changes: RowChanges<Row>): boolean {
  return changes.inserted.some(({ id }) => rows.has(id) && !changes.deleted.includes(id));
}

function hasNumberTwice(tables: MemoryTables, { tickets }: Changes): boolean {
  const isTaken = ({ id, project_id, number }: (typeof tickets.inserted)[number]) =>
    [...tables.tickets.values(), ...tickets.inserted].some(
      (other) => other.id !== id && other.project_id === project_id && other.number === number,
    );
  return tickets.inserted.some(isTaken);
}

function hasLabelNameTwice(tables: MemoryTables, { labels }: Changes): boolean {
  const isTaken = ({ id, project_id, name }: (typeof labels.inserted)[number]) =>
    [...tables.labels.values(), ...labels.inserted].some(
      (other) =>
        other.id !== id && other.project_id === project_id && other.name.toLowerCase() === name.toLowerCase(),
    );
  return labels.inserted.some(isTaken);
}

function hasLooseEnd(tables: MemoryTables, { tickets, labels, ticketLabels, comments }: Changes): boolean {
  const isTicket = (id: string) => tables.tickets.has(id) || tickets.inserted.some((row) => row.id === id);
  const isLabel = (id: string) => tables.labels.has(id) || labels.inserted.some((row) => row.id === id);
  return (
    comments.inserted.some((row) => !isTicket(row.ticket_id)) ||
    ticketLabels.inserted.some((row) => !isTicket(row.ticket_id) || !isLabel(row.label_id))
  );
}
