import { z } from 'zod';
import { overlapList } from '../../shared/protocol/overlaps.ts';
import { versionDocument } from '../../shared/protocol/versions.ts';

/** What the history's worker thread is asked: all work that builds past documents, so that no other thread does. */
const bytes = z.instanceof(Uint8Array<ArrayBufferLike>);
const rows = z.array(z.object({ seq: z.number(), authorId: z.string(), update: bytes }));
/** Foundation: what stands for log rows that were past their time. */
const history = { foundation: bytes.nullable(), rows };

export const historyJob = z.discriminatedUnion('kind', [
  /** The documents after the rows with these numbers, in that order. */
  z.object({ kind: z.literal('documents'), ...history, at: z.array(z.number()) }),
  z.object({ kind: z.literal('meeting'), ...history, theirs: bytes, yours: bytes }),
  /** All rows folded into one state. */
  z.object({ kind: z.literal('fold'), ...history }),
]);
export type HistoryJob = z.infer<typeof historyJob>;
export type HistoryRow = z.infer<typeof rows>[number];

const documentJson = versionDocument.shape.document;
/** Why a document cannot be told: rows build on what is not there, or a program has written what is no document. */
const untold = z.enum(['incomplete', 'unreadable']);
export type Untold = z.infer<typeof untold>;
const pastDocument = z.union([documentJson, untold]);
export type PastDocument = z.infer<typeof pastDocument>;
export const documentsResult = z.array(pastDocument);

export const meetingResult = z.object({
  documents: z.object({
    base: documentJson,
    theirs: documentJson,
    yours: documentJson,
    merged: documentJson,
  }),
  overlaps: overlapList,
  theirAuthorIds: z.array(z.string()),
});
export type MeetingResult = z.infer<typeof meetingResult>;

export const foldResult = bytes;

export const jobAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), result: z.unknown() }),
  z.object({ kind: z.literal('failed'), error: z.string() }),
]);
export type JobAnswer = z.infer<typeof jobAnswer>;
