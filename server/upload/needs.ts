import { type FieldName, isFieldName } from '../../shared/tickets/fields.ts';
import { pairOf } from './handlers/ticket-labels.ts';
import { asRowId, type QueuedOp } from './parse.ts';
import type { Needs } from './store.ts';

/** The rows an upload's ops name, so that all of them are read and locked in a few queries. */
export function needsOf(userId: string, ops: readonly QueuedOp[]): Needs {
  const of = (table: string) => ops.filter((op) => op.table === table);
  const pairs = of('ticket_labels').flatMap((op) => pairOf(op) ?? []);
  const created = of('tickets').filter((op) => op.verb === 'PUT');
  const labels = of('labels');
  return {
    userId,
    projectIds: rowIds([...created, ...labels].map((op) => op.data.project_id)),
    ticketIds: rowIds([
      ...of('tickets').map((op) => op.id),
      ...of('comments').map((op) => op.data.ticket_id),
      ...pairs.map((pair) => pair.ticketId),
    ]),
    commentIds: rowIds(of('comments').map((op) => op.id)),
    labelIds: rowIds([...labels.map((op) => op.id), ...pairs.map((pair) => pair.labelId)]),
    labelProjectIds: rowIds(labels.map((op) => op.data.project_id)),
    conflictIds: rowIds(of('conflicts').map((op) => op.id)),
    noticeIds: rowIds(of('notices').map((op) => op.id)),
    descriptionReviewIds: rowIds(of('description_reviews').map((op) => op.id)),
    fields: fieldsOf(of('tickets')),
    numberedProjectIds: rowIds(created.map((op) => op.data.project_id)),
  };
}

function fieldsOf(ops: readonly QueuedOp[]): FieldName[] {
  return [...new Set(ops.flatMap((op) => Object.keys(op.data).filter(isFieldName)))];
}

const rowIds = (values: readonly unknown[]): string[] => [
  ...new Set(values.flatMap((value) => asRowId(value) ?? [])),
];
