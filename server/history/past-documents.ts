import type { JSONContent } from '@tiptap/core';
import * as Y from 'yjs';
import { findOverlaps, type Meeting } from '../../shared/description/overlap.ts';
import { meetingOf } from '../../shared/description/overlap-meeting.ts';
import { commonPoint, type Point } from '../../shared/description/overlap-points.ts';
import { type IdentifiedNode, plain, type Unit, unitsOf } from '../../shared/description/overlap-units.ts';
import { updateToDocument } from '../../shared/description/yjs.ts';
import type { HistoryJob, HistoryRow, Untold } from './history-job.ts';

const INCOMPLETE = 'Rows of the log build on what no row holds.';

/** Does a job; see history-job.ts for what each answers. */
export function perform(job: HistoryJob): unknown {
  switch (job.kind) {
    case 'documents':
      return documentsAt(job.foundation, job.rows, job.at);
    case 'meeting':
      return meeting(job);
    case 'fold':
      return fold(job);
  }
}

function fold({ foundation, rows }: HistoryJob & { kind: 'fold' }): Uint8Array {
  const doc = replay(foundation, rows, true);
  if (!isWhole(doc)) throw new Error(INCOMPLETE);
  return Y.encodeStateAsUpdate(doc);
}

function documentsAt(
  foundation: Uint8Array | null,
  rows: readonly HistoryRow[],
  at: readonly number[],
): (JSONContent | Untold)[] {
  const doc = new Y.Doc();
  if (foundation) Y.applyUpdate(doc, foundation);
  let next = 0;
  const documents = new Map<number, JSONContent | Untold>();
  for (const seq of [...at].sort((a, b) => a - b)) {
    const end = rows.findIndex((row) => row.seq > seq);
    const upto = end < 0 ? rows.length : end;
    applyAll(doc, rows.slice(next, upto));
    next = Math.max(next, upto);
    documents.set(seq, isWhole(doc) ? documentOf(doc) : 'incomplete');
  }
  return at.map((seq) => documents.get(seq) ?? 'incomplete');
}

/** As JSON can carry it: to its readers, and into the table of versions. */
function documentOf(doc: Y.Doc): JSONContent | Untold {
  try {
    const document = updateToDocument(Y.encodeStateAsUpdate(doc));
    JSON.stringify(document);
    return document;
  } catch {
    return 'unreadable';
  }
}

function meeting(job: HistoryJob & { kind: 'meeting' }) {
  const history = replay(job.foundation, job.rows, false);
  if (!isWhole(history)) throw new Error(INCOMPLETE);
  const theirs = Y.decodeSnapshot(job.theirs);
  const yours = Y.decodeSnapshot(job.yours);
  const identified = meetingOf(history, { theirs, yours });
  history.destroy();
  return {
    documents: mapMeeting(identified, plain),
    overlaps: findOverlaps(mapMeeting<IdentifiedNode, Unit[]>(identified, unitsOf)),
    theirAuthorIds: authorsBetween(job.rows, commonPoint(theirs, yours), theirs),
  };
}

/** Who wrote what one side has and the other had not. */
function authorsBetween(rows: readonly HistoryRow[], base: Point, theirs: Point): string[] {
  const authors = rows.filter(({ update }) => {
    const { from, to } = Y.parseUpdateMeta(update);
    return [...to].some(
      ([client, end]) =>
        end > (base.sv.get(client) ?? 0) && (from.get(client) ?? 0) < (theirs.sv.get(client) ?? 0),
    );
  });
  return [...new Set(authors.map((row) => row.authorId))];
}

function mapMeeting<A, B>({ base, theirs, yours, merged }: Meeting<A>, change: (from: A) => B): Meeting<B> {
  return { base: change(base), theirs: change(theirs), yours: change(yours), merged: change(merged) };
}

/** Without collection of garbage a document can still show what was deleted since. */
function replay(foundation: Uint8Array | null, rows: readonly HistoryRow[], gc: boolean): Y.Doc {
  const doc = new Y.Doc({ gc });
  if (foundation) Y.applyUpdate(doc, foundation);
  applyAll(doc, rows);
  return doc;
}

/** Yjs holds back what builds on something missing: a document without it would say less than people wrote. */
const isWhole = ({ store }: Y.Doc): boolean => store.pendingStructs === null && store.pendingDs === null;

/** In one transaction, which is far quicker than one by one. A row that does not apply is left out, as in snapshots. */
function applyAll(doc: Y.Doc, rows: readonly HistoryRow[]): void {
  doc.transact(() => {
    for (const row of rows) {
      try {
        Y.applyUpdate(doc, row.update);
      } catch {
        // The compactor has reported it, with its number.
      }
    }
  });
}
