import type pg from 'pg';
import type pino from 'pino';
import { inTransaction } from '../db/pool.ts';
import type { PastDocument } from './history-job.ts';
import type { HistoryThread } from './history-thread.ts';
import {
  layFoundation,
  readHistory,
  readSessions,
  readSnapshotSeq,
  type Session,
  ticketsWithOldRows,
} from './log-store.ts';
import { meetingSeqs } from './meeting-store.ts';
import { authorsOf, keepVersions, type NewVersion, readKeptVersions } from './version-store.ts';

export interface RetentionDeps {
  readonly pool: pg.Pool;
  readonly thread: HistoryThread;
  readonly log: pino.Logger;
  readonly clock: () => Date;
  /** How long every single update is kept. */
  readonly days: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** One node at a time: "rejoin" and 8 as an advisory lock. */
const LOCK = 727_465_008;

/**
 * Folds log rows past their time: each session of editing becomes a version kept for ever, and one state stands for
 * the rows. Versions that stay in the log build on that state.
 * @returns how many descriptions were folded
 */
export async function foldOldRows(deps: RetentionDeps): Promise<number> {
  const before = new Date(deps.clock().getTime() - deps.days * DAY_MS);
  let folded = 0;
  for (const ticketId of await ticketsWithOldRows(deps.pool, before)) {
    try {
      if (await foldTicket(deps, ticketId, before)) folded += 1;
    } catch (error) {
      deps.log.error(
        { err: error, ticketId },
        'The old history of a description could not be folded; it is kept.',
      );
    }
  }
  return folded;
}

async function foldTicket({ pool, thread }: RetentionDeps, ticketId: string, before: Date): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK, ticketId]);
    const kept = await readKeptVersions(tx, ticketId);
    const breaks = [...kept.map(({ seq }) => seq), ...(await meetingSeqs(tx, ticketId))];
    const upto = await readSnapshotSeq(tx, ticketId);
    const sessions = await readSessions(tx, ticketId, breaks);
    // A session stays whole: the first one that is not past its time ends the fold.
    const end = sessions.findIndex((session) => session.endedAt >= before || session.seq > upto);
    const old = end < 0 ? sessions : sessions.slice(0, end);
    const last = old.at(-1);
    if (!last) return false;
    const history = await readHistory(tx, ticketId, last.seq);
    // Before the foundation nobody can tell what a session left: there is nothing to keep, and nothing to replace yet.
    if (last.seq < history.from) return false;
    const shown = old.filter((session) => session.seq >= history.from);
    const documents = await thread.documents({ ...history, at: shown.map((session) => session.seq) });
    await keepVersions(
      tx,
      shown.map((session, index) => versionOf(ticketId, session, documents[index])),
    );
    await layFoundation(tx, ticketId, last.seq, await thread.fold(history));
    return true;
  });
}

function versionOf(ticketId: string, session: Session, document: PastDocument | undefined): NewVersion {
  if (typeof document !== 'object') throw new Error(`Log row ${session.seq}: ${document ?? 'no'} document.`);
  const { seq, startedAt, endedAt } = session;
  const authors = authorsOf(session);
  return { ticketId, kind: 'session', seq, authors, startedAt, endedAt, document, reviewId: null };
}
