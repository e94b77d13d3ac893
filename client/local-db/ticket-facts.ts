import type { CommonPowerSyncDatabase } from '@powersync/common';
import { z } from 'zod';
import type { FoundConflict } from './conflict-hooks.ts';
import { type ConflictRow, conflictRow, readConflict } from './conflict-rows.ts';
import { type Activity, activityRow, type OutboxRow, outboxRow, type Ticket, ticketRow } from './rows.ts';

/** All that one device knows of a ticket at one moment, for those who compare devices. */
export interface TicketFacts {
  /** Null where it has not arrived. */
  readonly ticket: Ticket | null;
  /** Names, in order. */
  readonly labels: readonly string[];
  /** Oldest first. */
  readonly conflicts: readonly FoundConflict[];
  /** Newest first. */
  readonly activity: readonly Activity[];
  /** What this device's edits of the ticket were answered, where there was more to say than yes. */
  readonly answers: readonly OutboxRow[];
}

export interface TicketReader {
  read(ticketId: string): Promise<TicketFacts>;
  hasProject(projectId: string): Promise<boolean>;
  /** The questions about tickets of this project that nobody has answered. */
  openConflicts(projectId: string): Promise<readonly FoundConflict[]>;
  /** The id of each of the project's labels, by name. */
  labelIds(projectId: string): Promise<ReadonlyMap<string, string>>;
  /** Calls `listener` after changes of what {@link TicketReader.read} tells; returns what stops it. */
  onChange(listener: () => void): () => void;
}

const TABLES = ['projects', 'tickets', 'ticket_labels', 'labels', 'conflicts', 'activity', 'outbox'];
const THROTTLE_MS = 30;
const ACTIVITY_LIMIT = 50;
const NOTABLE_ANSWERS = `SELECT * FROM outbox WHERE row_id = ? AND outcome NOT IN ('applied', 'unchanged') ORDER BY op_id`;

export function createTicketReader(db: CommonPowerSyncDatabase): TicketReader {
  const all = async <T>(row: z.ZodType<T>, sql: string, params: string[]): Promise<T[]> =>
    row.array().parse(await db.getAll<unknown>(sql, params));
  return {
    async read(ticketId) {
      const [tickets, labels, conflicts, activity, answers] = await Promise.all([
        all(ticketRow, 'SELECT * FROM tickets WHERE id = ?', [ticketId]),
        all(named, LABELS_OF_TICKET, [ticketId]),
        all(conflictRow, `SELECT * FROM conflicts WHERE ticket_id = ? ORDER BY opened_at, id`, [ticketId]),
        all(activityRow, ACTIVITY_OF_TICKET, [ticketId]),
        all(outboxRow, NOTABLE_ANSWERS, [ticketId]),
      ]);
      const [ticket = null] = tickets;
      const names = labels.map(({ name }) => name);
      return { ticket, labels: names, conflicts: conflicts.flatMap(foundOf), activity, answers };
    },
    async hasProject(projectId) {
      return (await all(identified, 'SELECT id FROM projects WHERE id = ?', [projectId])).length > 0;
    },
    async openConflicts(projectId) {
      const sql = `SELECT * FROM conflicts WHERE project_id = ? AND state = 'open'`;
      return (await all(conflictRow, sql, [projectId])).flatMap(foundOf);
    },
    async labelIds(projectId) {
      const rows = await all(label, 'SELECT id, name FROM labels WHERE project_id = ?', [projectId]);
      return new Map(rows.map(({ id, name }) => [name, id]));
    },
    onChange(listener) {
      const stop = new AbortController();
      db.onChangeWithCallback(
        { onChange: listener },
        { tables: TABLES, throttleMs: THROTTLE_MS, signal: stop.signal },
      );
      return () => stop.abort();
    },
  };
}

function foundOf(row: ConflictRow): FoundConflict[] {
  const conflict = readConflict(row);
  return conflict ? [{ conflict, row }] : [];
}

const LABELS_OF_TICKET = `SELECT l.name FROM ticket_labels t JOIN labels l ON l.id = t.label_id
  WHERE t.ticket_id = ? ORDER BY l.name`;
const ACTIVITY_OF_TICKET = `SELECT * FROM activity WHERE ticket_id = ?
  ORDER BY created_at DESC, id DESC LIMIT ${ACTIVITY_LIMIT}`;

const named = z.object({ name: z.string() });
const identified = z.object({ id: z.string() });
const label = z.object({ id: z.string(), name: z.string() });
