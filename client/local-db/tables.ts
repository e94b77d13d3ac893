import type { z } from 'zod';
import { conflictRow } from './conflict-rows.ts';
import { descriptionReviewRow } from './overlap-rows.ts';
import * as rows from './rows.ts';
import { AppSchema } from './schema.ts';
import type { OpenWindows } from './windows/open-windows.ts';
import type { Row, TableDefinition } from './windows/window.ts';

type TableName = keyof typeof AppSchema.props;

/** The tables the screens read, each with the form its rows have. */
export function createTables(windows: OpenWindows) {
  return {
    projects: windows.over(table('projects', rows.projectRow)),
    members: windows.over(table('members', rows.memberRow)),
    profiles: windows.over(table('profiles', rows.profileRow)),
    tickets: windows.over(table('tickets', rows.ticketRow)),
    labels: windows.over(table('labels', rows.labelRow)),
    ticketLabels: windows.over(table('ticket_labels', rows.ticketLabelRow)),
    comments: windows.over(table('comments', rows.commentRow)),
    conflicts: windows.over(table('conflicts', conflictRow)),
    descriptionReviews: windows.over(table('description_reviews', descriptionReviewRow)),
    outbox: windows.over(table('outbox', rows.outboxRow)),
  };
}

export type Tables = ReturnType<typeof createTables>;

export function table<T extends Row>(name: TableName, schema: z.ZodType<T>): TableDefinition<T> {
  // From `props`: a table learns its name only there.
  const columns = AppSchema.props[name].columns.map((column) => column.name);
  return { name, columns, parse: (raw) => schema.parse(raw) };
}
