import { withPlainMentions } from '../../../shared/tickets/mentions.ts';
import type { OutboxOp } from '../../local-db/outbox/entries.ts';
import { type NameOf, opText } from './op-words.ts';

/** What somebody wants on the clipboard: of a comment or a new ticket their own text, of a choice the sentence. */
export function copyOf(op: OutboxOp, nameOf: NameOf): string {
  const written = op.table_name === 'comments' ? op.data.body : op.op === 'PUT' ? op.data.title : undefined;
  return typeof written === 'string' ? withPlainMentions(written) : opText(op, nameOf);
}
