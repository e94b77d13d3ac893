import type { CommonPowerSyncDatabase, Transaction } from '@powersync/common';
import { z } from 'zod';

/**
 * How far the upload queue has been handed to the network. What lies behind the mark may have reached the server even
 * if no answer came back, so it cannot be discarded any more; what lies before it is still this device's alone.
 */
export interface UploadMark {
  /** The last op that was handed over; 0 for none. */
  readonly sentTo: number;
  /** Grows with every discard, so that a batch read before one is not sent after it. */
  readonly discards: number;
}

const markRow = z.object({ sent_to: z.number(), discards: z.number() });
const SELECT = `SELECT sent_to, discards FROM upload_mark WHERE id = 'mark'`;

export async function readMark(db: Pick<CommonPowerSyncDatabase, 'getOptional'>): Promise<UploadMark> {
  const row = markRow.nullable().parse(await db.getOptional(SELECT));
  return { sentTo: row?.sent_to ?? 0, discards: row?.discards ?? 0 };
}

/** Moves the mark, unless something was discarded since `seen`: then the batch must be read again. */
export async function markSent(
  db: CommonPowerSyncDatabase,
  lastOpId: number,
  seen: UploadMark,
): Promise<boolean> {
  return db.writeTransaction(async (tx) => {
    const now = await readMark(tx);
    if (now.discards !== seen.discards) return false;
    // Ops are sent in order, so everything up to the last one of a batch has been handed over with it.
    await writeMark(tx, { ...now, sentTo: Math.max(now.sentTo, lastOpId) });
    return true;
  });
}

/** The server said that it took nothing of the batch: its ops are this device's alone again. */
export async function takeBackMark(db: CommonPowerSyncDatabase, before: UploadMark): Promise<void> {
  await db.writeTransaction(async (tx) => writeMark(tx, { ...(await readMark(tx)), sentTo: before.sentTo }));
}

export async function noteDiscard(tx: Transaction): Promise<void> {
  const now = await readMark(tx);
  await writeMark(tx, { ...now, discards: now.discards + 1 });
}

async function writeMark(tx: Transaction, { sentTo, discards }: UploadMark): Promise<void> {
  await tx.execute(`DELETE FROM upload_mark WHERE id = 'mark'`);
  await tx.execute(`INSERT INTO upload_mark (id, sent_to, discards) VALUES ('mark', ?, ?)`, [
    sentTo,
    discards,
  ]);
}
