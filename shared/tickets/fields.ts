import { z } from 'zod';
import { PRIORITIES, personId, STATUSES } from './ticket.ts';

/** The strategy that settles concurrent edits of a field; see `shared/conflict/SPEC.md`. */
export const POLICIES = ['last-write-wins', 'rule', 'review'] as const;
export type Policy = (typeof POLICIES)[number];

/** Named pure functions in `shared/conflict/rules.ts`. */
export type RuleName = 'terminal-wins' | 'higher-wins';

/** What a field's column can hold, in SQLite and in Postgres alike. */
export type FieldValue = string | number | null;

interface FieldDefinition {
  readonly label: string;
  /** Parses and normalises: two inputs with equal output are the same value and never conflict (C5). */
  readonly schema: z.ZodType<FieldValue>;
  readonly defaultPolicy: Policy;
  readonly rule?: RuleName;
  /** What a new ticket has when its author says nothing; absent where the author must say. */
  readonly initial?: FieldValue;
}

const TITLE_MAX = 500;
const RANK_MAX = 200;
const ESTIMATE_MAX = 10_000;

/**
 * The one table of a ticket's editable columns. A new field is one line here, one migration, one control.
 * Columns that only the server writes (number, revision, times, authorship, description_text) are not fields.
 */
export const FIELDS = {
  title: { label: 'Title', schema: title(), defaultPolicy: 'last-write-wins' },
  status: {
    label: 'Status',
    schema: oneOf(STATUSES),
    defaultPolicy: 'rule',
    rule: 'terminal-wins',
    initial: 'todo',
  },
  priority: {
    label: 'Priority',
    schema: oneOf(PRIORITIES),
    defaultPolicy: 'rule',
    rule: 'higher-wins',
    initial: 'none',
  },
  assignee_id: {
    label: 'Assignee',
    schema: emptyAsNull(personId),
    defaultPolicy: 'review',
    initial: null,
  },
  due_on: { label: 'Due date', schema: emptyAsNull(calendarDate()), defaultPolicy: 'review', initial: null },
  estimate: { label: 'Estimate', schema: estimate(), defaultPolicy: 'last-write-wins', initial: null },
  rank: {
    label: 'Board position',
    schema: z.string('not a position').max(RANK_MAX, `at most ${RANK_MAX} characters`),
    defaultPolicy: 'last-write-wins',
    initial: '',
  },
} as const satisfies Record<string, FieldDefinition>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];
export const isFieldName = (name: string): name is FieldName => Object.hasOwn(FIELDS, name);

/** The definition behind a name, with the shape all fields share. */
export const fieldOf = (name: FieldName): FieldDefinition => FIELDS[name];

/** `reason` names the field, `problem` leaves it to whoever has named it already. */
export type NormalisedValue =
  | { ok: true; value: FieldValue }
  | { ok: false; reason: string; problem: string };

/** Brings a value from anywhere into the field's one form, or says in words why it has none. */
export function normalise(name: FieldName, input: unknown): NormalisedValue {
  const field = fieldOf(name);
  const parsed = field.schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problem = parsed.error.issues[0]?.message ?? 'not a value of this field';
  return { ok: false, reason: `${field.label}: ${problem}`, problem };
}

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  const names = values.map((value) => value.replaceAll('_', ' '));
  return z.enum(values, `not one of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);
}

function title() {
  return z
    .string('a title is needed')
    .transform((text) => text.replace(/\s+/g, ' ').trim())
    .pipe(z.string().min(1, 'a title is needed').max(TITLE_MAX, `at most ${TITLE_MAX} characters`));
}

/** `YYYY-MM-DD`; accepts single digits and a time behind the date, as other programs write them. */
function calendarDate() {
  return z.string().transform((text, context) => {
    const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(text.trim());
    const iso = match && `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}`;
    if (iso && isRealDate(iso)) return iso;
    context.addIssue({ code: 'custom', message: 'not a date (expected YYYY-MM-DD)' });
    return z.NEVER;
  });
}

function isRealDate(iso: string): boolean {
  const time = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
}

/** Points, with at most two decimals; SQLite may hand them over as text. */
function estimate() {
  const number = z.coerce
    .number('not a number')
    .min(0, 'not below zero')
    .max(ESTIMATE_MAX, `at most ${ESTIMATE_MAX}`)
    .transform((value) => Math.round(value * 100) / 100);
  return emptyAsNull(number);
}

function emptyAsNull<T extends FieldValue, Input>(schema: z.ZodType<T, Input>) {
  return z.preprocess((value) => (value === '' || value === undefined ? null : value), schema.nullable());
}
