import type pg from 'pg';
import { v5 as uuidFromName } from 'uuid';
import type { VersionEntry } from '../../shared/protocol/versions.ts';
import type { PastDocument, Untold } from './history-job.ts';
import type { HistoryThread } from './history-thread.ts';
import { isInLog, readHistory, readLastSeq, readSessions, type Session } from './log-store.ts';
import { meetingSeqs } from './meeting-store.ts';
import {
  authorsOf,
  type KeptVersion,
  keepVersion,
  readKeptDocument,
  readKeptVersions,
} from './version-store.ts';

export interface VersionsDeps {
  readonly pool: pg.Pool;
  readonly thread: HistoryThread;
  readonly clock: () => Date;
}

/** The history of a description (D13): who wrote when, and what it was then. */
export interface Versions {
  /** The oldest first. */
  list(ticketId: string): Promise<VersionEntry[]>;
  /** The document of a version; null when there is no such version. */
  read(ticketId: string, versionId: string): Promise<PastDocument | null>;
  /** Keeps what stands now, because this person is about to replace it. */
  keepBeforeRestore(ticketId: string, userId: string): Promise<VersionEntry | Untold>;
}

export function createVersions({ pool, thread, clock }: VersionsDeps): Versions {
  async function documentAt(ticketId: string, seq: number): Promise<PastDocument> {
    const history = await readHistory(pool, ticketId, seq);
    if (seq < history.from) return 'incomplete';
    const [document] = await thread.documents({ ...history, at: [seq] });
    return document ?? 'incomplete';
  }

  return {
    async list(ticketId) {
      const kept = await readKeptVersions(pool, ticketId);
      const breaks = [...kept.map(({ seq }) => seq), ...(await meetingSeqs(pool, ticketId))];
      const sessions = await readSessions(pool, ticketId, breaks);
      return inOrder(sessions.map(entryOf), kept);
    },
    async read(ticketId, versionId) {
      const seq = seqOf(versionId);
      if (seq === null) return readKeptDocument(pool, ticketId, versionId);
      return (await isInLog(pool, ticketId, seq)) ? documentAt(ticketId, seq) : null;
    },
    async keepBeforeRestore(ticketId, userId) {
      const seq = await readLastSeq(pool, ticketId);
      const now = clock();
      const at = now.toISOString();
      const authors = [{ id: userId, started_at: at, ended_at: at, edits: 0 }];
      const document = await documentAt(ticketId, seq);
      if (typeof document === 'string') return document;
      // A person whose answer was lost asks again, and means the same.
      const id = uuidFromName(`before-restore ${seq} ${userId}`, ticketId);
      const version = { id, ticketId, seq, authors, startedAt: now, endedAt: now, document, reviewId: null };
      await keepVersion(pool, { ...version, kind: 'before-restore' });
      return { id, kind: 'before-restore', started_at: at, ended_at: at, authors, review_id: null };
    },
  };
}

/** Sessions that are still in the log are named by their last row; kept versions by their own id. */
const entryOf = (session: Session): VersionEntry & { seq: number } => ({
  id: String(session.seq),
  kind: 'session',
  seq: session.seq,
  started_at: session.startedAt.toISOString(),
  ended_at: session.endedAt.toISOString(),
  authors: authorsOf(session),
  review_id: null,
});

const seqOf = (versionId: string): number | null => (/^\d{1,15}$/.test(versionId) ? Number(versionId) : null);

/** By their place in the log: what was kept at a row stands after the session that ended with it. */
function inOrder(sessions: readonly KeptVersion[], kept: readonly KeptVersion[]): VersionEntry[] {
  const rank = (version: KeptVersion): number => (version.kind === 'session' ? 0 : 1);
  return [...sessions, ...kept]
    .sort((a, b) => a.seq - b.seq || rank(a) - rank(b) || Date.parse(a.ended_at) - Date.parse(b.ended_at))
    .map(({ seq: _seq, ...entry }) => entry);
}
