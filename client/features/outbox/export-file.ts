import type { WaitingOp } from '../../local-db/outbox/entries.ts';
import { type NameOf, opText } from './op-words.ts';

interface Exported {
  readonly ops: readonly WaitingOp[];
  readonly descriptions: readonly { readonly ticketId: string; readonly markdown: string }[];
  readonly at: Date;
  readonly nameOf: NameOf;
}

/** Unsent changes as Markdown: sentences and texts for people, and the ops as they wait in the queue for programs. */
export function exportFile({ ops, descriptions, at, nameOf }: Exported): string {
  const changes = ops.map((op) => `- ${opText(op, nameOf).replaceAll('\n', '\n  ')}`);
  const texts = descriptions.flatMap(({ ticketId, markdown }) => [`### Ticket ${ticketId}`, markdown]);
  const queued = ops.map(({ op_id, op, table_name, row_id, data, old, metadata }) => ({
    op_id,
    op,
    table: table_name,
    id: row_id,
    data,
    old,
    ...metadata,
  }));
  return [
    '# Changes that were not sent from this device',
    `Saved by Rejoin on ${at.toISOString()}.`,
    ...(changes.length > 0 ? ['## Changes', changes.join('\n')] : []),
    ...(texts.length > 0 ? ['## Descriptions', ...texts] : []),
    '## As they were queued',
    fenced(JSON.stringify(queued, null, 2)),
    '',
  ].join('\n\n');
}

/** A fence longer than any in the text, so that the text cannot end it. */
function fenced(json: string): string {
  const longest = Math.max(2, ...[...json.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}json\n${json}\n${fence}`;
}
