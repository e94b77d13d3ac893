import { FIELDS, type FieldName, isFieldName } from '../../../shared/tickets/fields.ts';
import { withPlainMentions } from '../../../shared/tickets/mentions.ts';
import type { OutboxOp } from '../../local-db/outbox/entries.ts';
import { readJson } from '../../local-db/rows.ts';
import { fieldValueWords } from '../../ui/conflict-field-value.tsx';

/** The name of the person with this id. */
export type NameOf = (personId: string) => string;

/** What an op did to one thing: "Status of DEMO-12", "To do", "Done". */
export interface OpLine {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** An op in words, a line for each field that it changes. */
export function opLines(op: OutboxOp, nameOf: NameOf): readonly OpLine[] {
  switch (op.table_name) {
    case 'tickets':
      return ticketLines(op, nameOf);
    case 'comments':
      return [commentLine(op)];
    case 'labels':
      return [line('New label', textOf(op.data.name))];
    case 'ticket_labels':
      return [
        line(`Label ${op.op === 'DELETE' ? 'removed from' : 'added to'} ${placeWords(op)}`, op.label_name),
      ];
    case 'conflicts':
      return [decisionLine(op, nameOf)];
    case 'notices':
      return [line(op.data.read_at === null ? 'Notice marked as unread' : 'Notice read')];
    default:
      return [line(`Change of ${op.table_name}`)];
  }
}

/** The same as text, for the clipboard, a file, and names of buttons: "Status of DEMO-12: To do → Done". */
export const opText = (op: OutboxOp, nameOf: NameOf): string => opLines(op, nameOf).map(lineText).join('; ');

export function lineText({ what, before, after }: OpLine): string {
  if (after === null) return what;
  return before === null ? `${what}: ${after}` : `${what}: ${before} → ${after}`;
}

type Place = Pick<OutboxOp, 'ticket_number' | 'ticket_title' | 'project_key'>;

/** What people call a ticket: by its key once it has one. */
export function placeWords(place: Place | undefined): string {
  const { ticket_number, ticket_title = null, project_key = null } = place ?? {};
  if (project_key !== null && typeof ticket_number === 'number') return `${project_key}-${ticket_number}`;
  return ticket_title === null ? 'a ticket' : `“${ticket_title}”`;
}

function ticketLines(op: OutboxOp, nameOf: NameOf): OpLine[] {
  if (op.op === 'PUT') return [line('New ticket', textOf(op.data.title)), ...chosenFields(op, nameOf)];
  const lines = Object.entries(op.data).map(([name, value]) => {
    if (!isFieldName(name)) return line(`${name} of ${placeWords(op)}`, textOf(value));
    const what = `${FIELDS[name].label} of ${placeWords(op)}`;
    if (name === 'rank') return line(what);
    return line(what, valueWords(name, value, nameOf), valueWords(name, op.old[name], nameOf));
  });
  return lines.length > 0 ? lines : [line(`Change of ${placeWords(op)}`)];
}

/** What the author of a new ticket chose besides its title. */
function chosenFields({ data }: OutboxOp, nameOf: NameOf): OpLine[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (!isFieldName(name) || name === 'title' || name === 'rank' || isInitial(name, value)) return [];
    return [line(FIELDS[name].label, valueWords(name, value, nameOf))];
  });
}

function isInitial(name: FieldName, value: unknown): boolean {
  const field = FIELDS[name];
  return value === null || ('initial' in field && field.initial === value);
}

function commentLine(op: OutboxOp): OpLine {
  const where = placeWords(op);
  const [now, before] = [op.data.body, op.old.body].map(textOf);
  switch (op.op) {
    case 'PUT':
      return line(`Comment on ${where}`, now);
    case 'PATCH':
      return line(`Comment on ${where}`, now, before);
    case 'DELETE':
      return line(`Comment on ${where} deleted`, before);
  }
}

function decisionLine(op: OutboxOp, nameOf: NameOf): OpLine {
  const field = op.conflict_field;
  const value = readJson(typeof op.data.resolution === 'string' ? op.data.resolution : null);
  if (field === null || !isFieldName(field)) return line(`Decision about ${placeWords(op)}`, textOf(value));
  const what = `Decision on the ${FIELDS[field].label.toLowerCase()} of ${placeWords(op)}`;
  return line(what, valueWords(field, value, nameOf));
}

const line = (what: string, after: string | null = null, before: string | null = null): OpLine => ({
  what,
  before,
  after,
});

function valueWords(field: FieldName, value: unknown, nameOf: NameOf): string {
  const isPlain = typeof value === 'string' || typeof value === 'number';
  return fieldValueWords({ field, value: isPlain ? value : null }, nameOf);
}

/** A value of unknown form as text; null where there is nothing to say. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  return withPlainMentions(String(value));
}
