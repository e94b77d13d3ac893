import { createHash } from 'node:crypto';
import { z } from 'zod';
import { wellFormed } from '../../shared/description/well-formed.ts';
import { type FieldName, normalise } from '../../shared/tickets/fields.ts';
import { STATUSES } from '../../shared/tickets/ticket.ts';

/** One line of an import that can be stored. Times are milliseconds since 1970. */
export type SourceTicket = z.infer<typeof sourceTicket> & {
  /** What makes a second import of the same line recognise it. */
  readonly sourceId: string;
};

export type ParsedLine = { ok: true; ticket: SourceTicket } | { ok: false; reason: string };

/** In characters. A description alone may have a megabyte. */
export const MAX_LINE_LENGTH = 4 * 1024 * 1024;
const MAX_BODY_LENGTH = 1024 * 1024;
const MAX_COMMENTS = 10_000;
const MAX_LABELS = 100;

/** Reads one line of JSON Lines, or says in words why it cannot be imported. */
export function parseLine(line: string): ParsedLine {
  if (line.length > MAX_LINE_LENGTH) return { ok: false, reason: 'The line is longer than 4 MiB.' };
  const json = parseJson(line);
  if (!json.ok) return json;
  const parsed = sourceTicket.safeParse(json.value);
  if (parsed.success) return { ok: true, ticket: { ...parsed.data, sourceId: sourceIdOf(parsed.data) } };
  return { ok: false, reason: parsed.error.issues.slice(0, 3).map(inWords).join('; ') };
}

function parseJson(line: string): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return {
      ok: true,
      value: JSON.parse(line, (_, value) => (typeof value === 'string' ? wellFormed(value) : value)),
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : '';
    return { ok: false, reason: `This line is not JSON: ${detail}` };
  }
}

const inWords = (issue: z.core.$ZodIssue): string =>
  issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message;

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

const time = z
  .union([z.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))], 'not a time')
  .pipe(z.number().int('not a time').min(EARLIEST, 'not a time').max(LATEST, 'a time too far in the future'));

const name = z
  .string('not a name')
  .trim()
  .min(1, 'a name is needed')
  .max(100, 'a name of at most 100 characters');

/** GitHub writes people as `{login}` and labels as `{name}`; a plain name does as well. */
const person = z.union([name, z.object({ login: name }).transform((user) => user.login)], 'not a name');
const label = z.union([name, z.object({ name }).transform((given) => given.name)], 'not a label');

const body = z.string('not text').max(MAX_BODY_LENGTH, 'longer than 1 MiB');

const comment = z.object({
  author: person,
  created_at: time,
  updated_at: time.optional(),
  body: body.nullish().transform((text) => text ?? ''),
});

/** A value for a field of ours, in the field's own form. */
const fieldValue = (field: FieldName) =>
  z.unknown().transform((input, context) => {
    const result = normalise(field, input);
    if (result.ok) return result.value;
    context.addIssue({ code: 'custom', message: result.problem });
    return z.NEVER;
  });

const optionalField = (field: FieldName) => fieldValue(field).optional();

const fields = z.object({
  id: z.union([z.string().min(1).max(200), z.number()], 'not an id').optional(),
  number: z.number('not a number').int().nonnegative().optional(),
  title: z.unknown().transform(titleText),
  open: z.boolean('true or false is needed').optional(),
  state: z.enum(['open', 'closed'], 'open or closed is needed').optional(),
  status: z.enum(STATUSES, `one of ${STATUSES.join(', ')} is needed`).nullish(),
  priority: optionalField('priority'),
  due_on: optionalField('due_on'),
  estimate: optionalField('estimate'),
  created_at: time.optional(),
  updated_at: time.optional(),
  author: person.nullish(),
  assignee: person.nullish(),
  labels: z.array(label, 'not a list of labels').max(MAX_LABELS).default([]),
  body: body.nullish().transform((text) => text ?? ''),
  comments: z.array(comment, 'not a list of comments').max(MAX_COMMENTS).default([]),
});

const sourceTicket = z.preprocess(
  (value) => (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined),
  z
    .custom((value) => value !== undefined, 'This line is not a ticket: an object with a title is needed')
    .pipe(fields),
);

function titleText(input: unknown, context: z.RefinementCtx): string {
  const result = normalise('title', input);
  if (result.ok && typeof result.value === 'string') return result.value;
  context.addIssue({ code: 'custom', message: result.ok ? 'a title is needed' : result.problem });
  return z.NEVER;
}

function sourceIdOf(ticket: z.infer<typeof fields>): string {
  if (ticket.id !== undefined) return `id:${ticket.id}`;
  if (ticket.number !== undefined) return `number:${ticket.number}`;
  return `content:${createHash('sha256').update(JSON.stringify(ticket)).digest('hex')}`;
}
