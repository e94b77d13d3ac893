import { z } from 'zod';
import { type Op, op, opMetadata, uploadRequest } from '../../shared/protocol/upload.ts';
import { rowId } from '../../shared/tickets/ticket.ts';

/** One op as the queue held it: readable, or broken with the reason in words (C15). */
export type ParsedOp = { readonly opId: number } & (
  | { readonly ok: true; readonly op: QueuedOp }
  | { readonly ok: false; readonly reason: string }
);

/** A readable op, and what its device says of the moment it was made. */
export interface QueuedOp {
  readonly opId: number;
  readonly verb: Op['op'];
  readonly table: string;
  /** As written, except that UUIDs are in lower case, as Postgres gives them back. */
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly old: Readonly<Record<string, unknown>>;
  readonly madeAt: string | null;
  readonly offlineSince: string | null;
}

/** The ops of one client transaction, which apply together or not at all (C16). */
export type ParsedTransaction = readonly ParsedOp[];

export interface ParsedUpload {
  readonly deviceId: string;
  /** Whose edits these are, where the device says so. A claim to be compared with the session, never to be trusted. */
  readonly userId: string | null;
  readonly transactions: readonly ParsedTransaction[];
}

export type UploadReading = { ok: true; upload: ParsedUpload } | { ok: false; reason: string };

/** Reads the envelope strictly, and each op by itself: a broken op is answered, a broken envelope is refused. */
export function parseUpload(body: unknown): UploadReading {
  const envelope = uploadRequest.safeParse(body);
  if (!envelope.success) return { ok: false, reason: firstProblem(envelope.error) };
  const { device_id: deviceId, user_id: userId = null, transactions } = envelope.data;
  if (hasUnstorableText(deviceId)) return { ok: false, reason: 'device_id: unreadable characters' };
  return {
    ok: true,
    upload: { deviceId, userId, transactions: transactions.map(({ ops }) => ops.map(parseOp)) },
  };
}

/** An id of a row in lower case, or null when it is none. */
export function asRowId(value: unknown): string | null {
  const parsed = rowId.safeParse(value);
  return parsed.success ? parsed.data.toLowerCase() : null;
}

function parseOp(raw: { op_id: number }): ParsedOp {
  const opId = raw.op_id;
  const parsed = op.safeParse(raw);
  if (!parsed.success) return damaged(opId, firstProblem(parsed.error));
  const values = cellsOf(parsed.data);
  if (values.some((value) => typeof value === 'object' && value !== null)) {
    return damaged(opId, 'a value is not a plain one');
  }
  if (values.some(hasUnstorableText)) {
    return {
      opId,
      ok: false,
      reason: 'This text holds a character that cannot be stored. Type it again without.',
    };
  }
  return { opId, ok: true, op: toQueuedOp(parsed.data) };
}

const damaged = (opId: number, what: string): ParsedOp => ({
  opId,
  ok: false,
  reason: `This change arrived damaged (${what}). Make it again.`,
});

function toQueuedOp(raw: Op): QueuedOp {
  const metadata = readMetadata(raw.metadata);
  return {
    opId: raw.op_id,
    verb: raw.op,
    table: raw.type,
    id: asRowId(raw.id) ?? raw.id,
    data: raw.data ?? {},
    old: raw.old ?? {},
    madeAt: metadata.made_at ?? null,
    offlineSince: metadata.offline_since ?? null,
  };
}

/** Only ever shown to people, so that an edit is not refused because its device's note about it is unreadable. */
function readMetadata(text: string | null | undefined): z.infer<typeof opMetadata> {
  if (!text) return {};
  const parsed = metadataText.safeParse(text);
  return parsed.success ? parsed.data : {};
}

const metadataText = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(opMetadata);

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.') || 'the whole'}: ${issue.message}` : 'unreadable';
}

/** Everything an op says that may end in a row or in a sentence. Rows of the queue hold plain values only. */
const cellsOf = ({ id, type, data, old }: Op): unknown[] => [
  id,
  type,
  ...Object.entries(data ?? {}).flat(),
  ...Object.entries(old ?? {}).flat(),
];

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Postgres stores neither NUL nor half a surrogate pair; JSON can carry both. */
const hasUnstorableText = (value: unknown): boolean =>
  typeof value === 'string' && (value.includes('\0') || LONE_SURROGATE.test(value));
