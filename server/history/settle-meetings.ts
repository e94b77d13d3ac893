import type pg from 'pg';
import type pino from 'pino';
import { inTransaction } from '../db/pool.ts';
import { insertNotices } from '../review/notice-store.ts';
import type { MeetingResult } from './history-job.ts';
import type { HistoryThread } from './history-thread.ts';
import { readHistory } from './log-store.ts';
import { type Meeting, postponeMeeting, readMembers, settleMeeting, takeMeeting } from './meeting-store.ts';
import { openReview } from './review-store.ts';
import { keepVersions, type NewVersion } from './version-store.ts';

export interface MeetingSettlerDeps {
  readonly pool: pg.Pool;
  readonly thread: HistoryThread;
  readonly log: pino.Logger;
  readonly newId: () => string;
}

/** Looks at devices that came back after both sides had changed a description. Any number of nodes may do it at once. */
export interface MeetingSettler {
  /** Soon: there is something to look at. */
  wake(): void;
  /** Resolves when nothing waits that this node can look at. */
  settled(): Promise<void>;
}

export function createMeetingSettler({ pool, thread, log, newId }: MeetingSettlerDeps): MeetingSettler {
  let running: Promise<void> | null = null;
  let again = false;

  async function run(): Promise<void> {
    do {
      again = false;
      while (await inTransaction(pool, settleOne));
    } while (again);
  }

  /** One meeting in one transaction. What fails with one is tried again later: it must not hold up the others. */
  async function settleOne(tx: pg.PoolClient): Promise<boolean> {
    const meeting = await takeMeeting(tx);
    if (!meeting) return false;
    await tx.query('SAVEPOINT taken');
    try {
      await settle(tx, meeting);
    } catch (error) {
      await tx.query('ROLLBACK TO SAVEPOINT taken');
      const about = { err: error, ticketId: meeting.ticketId, meeting: meeting.id };
      log.error(about, 'A merge of offline edits could not be looked at yet.');
      await postponeMeeting(tx, meeting.id);
    }
    return true;
  }

  /** It is settled with its versions and its review. */
  async function settle(tx: pg.PoolClient, meeting: Meeting): Promise<void> {
    const { theirs, yours } = meeting;
    const met = await thread.meeting({ ...(await readHistory(tx, meeting.ticketId)), theirs, yours });
    const reviewId = met.overlaps.length > 0 ? newId() : null;
    await keepVersions(tx, versionsOf(meeting, met, reviewId));
    if (reviewId !== null) await ask(tx, meeting, met, reviewId);
    await settleMeeting(tx, meeting.id);
  }

  async function ask(
    tx: pg.PoolClient,
    meeting: Meeting,
    met: MeetingResult,
    reviewId: string,
  ): Promise<void> {
    const { projectId, ticketId, authorId, id: meetingId } = meeting;
    await openReview(tx, { ...met, id: reviewId, projectId, ticketId, meetingId, authorId });
    const people = await readMembers(tx, projectId, [authorId, ...met.theirAuthorIds]);
    const notices = people.map((person) => ({
      user_id: person,
      project_id: projectId,
      ticket_id: ticketId,
      kind: 'review' as const,
      detail: {
        field: 'description',
        review_id: reviewId,
        actor_id: person === authorId ? (met.theirAuthorIds[0] ?? authorId) : authorId,
      },
    }));
    await insertNotices(tx, notices);
  }

  function wake(): void {
    again = true;
    running ??= run()
      .catch((error: unknown) => {
        again = false;
        log.error(
          { err: error },
          'Merges of offline edits could not be looked at; they will be tried again.',
        );
      })
      .finally(() => {
        running = null;
        if (again) wake();
      });
  }

  return {
    wake,
    async settled() {
      while (running) await running;
    },
  };
}

/** What stood before the merge is kept always; the other three only where somebody may want to look at them (D12). */
function versionsOf(
  meeting: Meeting,
  { documents, overlaps }: MeetingResult,
  reviewId: string | null,
): NewVersion[] {
  const { ticketId, seq, metAt, authorId } = meeting;
  const at = metAt.toISOString();
  const version = (kind: NewVersion['kind'], document: NewVersion['document']): NewVersion => ({
    ticketId,
    kind,
    seq,
    document,
    reviewId,
    authors: [{ id: authorId, started_at: at, ended_at: at, edits: 0 }],
    startedAt: metAt,
    endedAt: metAt,
  });
  const beforeMerge = version('before-merge', documents.theirs);
  if (overlaps.length === 0) return [beforeMerge];
  return [
    version('base', documents.base),
    beforeMerge,
    version('yours', documents.yours),
    version('merged', documents.merged),
  ];
}
