import { z } from 'zod';
import type { Outcome } from '../../../shared/protocol/upload.ts';
import { fieldOf, isFieldName } from '../../../shared/tickets/fields.ts';

/** An op of the upload queue, or one that was answered, as far as a sentence needs it. */
export interface DescribedOp {
  readonly op: 'PUT' | 'PATCH' | 'DELETE';
  readonly table: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the person did, in words: "Ticket: status to done". */
export function opWords({ op, table, data }: DescribedOp): string {
  switch (table) {
    case 'tickets':
      return op === 'PUT' ? `New ticket: ${text(data.title)}` : `Ticket: ${fieldWords(data)}`;
    case 'comments':
      return commentWords(op, data);
    case 'labels':
      return `New label: ${text(data.name)}`;
    case 'ticket_labels':
      return op === 'DELETE' ? 'Label removed' : 'Label added';
    case 'conflicts':
      return 'A conflict resolved';
    case 'notices':
      return 'A notice read';
    default:
      return `A change of ${table}`;
  }
}

export function outcomeWords(outcome: Outcome): string {
  switch (outcome) {
    case 'applied':
      return 'Taken up';
    case 'unchanged':
      return 'Nothing to change';
    case 'merged':
      return 'Merged';
    case 'kept':
      return 'The other value was kept';
    case 'review':
      return 'Needs review';
    case 'rejected':
      return 'Not accepted';
  }
}

const record = z.record(z.string(), z.unknown());

/** The columns an op names, from the JSON text that SQLite holds. */
export function readOpData(json: string | null): Readonly<Record<string, unknown>> {
  if (json === null) return {};
  try {
    return record.catch({}).parse(JSON.parse(json));
  } catch {
    return {}; // not JSON: the sentence names the table only
  }
}

function fieldWords(data: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(data).map(([name, value]) => {
    const label = isFieldName(name) ? fieldOf(name).label.toLowerCase() : name;
    const shown = name.endsWith('_id') ? 'changed' : `to ${text(value)}`;
    return value === null ? `${label} cleared` : `${label} ${shown}`;
  });
  return parts.join(', ') || 'changed';
}

function commentWords(op: DescribedOp['op'], data: Readonly<Record<string, unknown>>): string {
  if (op === 'DELETE') return 'Comment deleted';
  return `${op === 'PUT' ? 'New comment' : 'Comment edited'}: ${text(data.body)}`;
}

const SHOWN_CHARACTERS = 80;

function text(value: unknown): string {
  const words = typeof value === 'string' ? value.replaceAll('_', ' ') : String(value ?? '');
  return words.length > SHOWN_CHARACTERS ? `${words.slice(0, SHOWN_CHARACTERS)}…` : words;
}
