import { setImmediate as breathe } from 'node:timers/promises';
import type pg from 'pg';
import {
  type ImportProgress,
  type ImportReport,
  MAX_REJECTED,
  type RefusedLine,
} from '../../shared/protocol/import.ts';
import { inTransaction } from '../db/pool.ts';
import { type ConvertedTicket, convertTicket } from './convert.ts';
import { parseLine, type SourceTicket } from './parse.ts';
import { readKnownSources } from './store.ts';
import { writeBatch } from './write-batch.ts';

export interface ImportRequest {
  readonly pool: pg.Pool;
  readonly projectId: string;
  /** Who imports: the activity's actor, and the author of tickets that name none. */
  readonly actor: { readonly userId: string };
  /** JSON Lines, without the line ends. */
  readonly lines: AsyncIterable<string>;
  readonly onProgress: (progress: ImportProgress) => void;
  readonly clock: () => Date;
  readonly newId: () => string;
}

/** How much is converted before one transaction writes it: what a stopped import loses at most, and its memory. */
const BATCH_TICKETS = 64;
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/**
 * Imports tickets with descriptions, comments and labels. A line that cannot be read is reported and left out; one
 * that an import brought before is skipped. Imports of one project at the same time bring nothing twice.
 * Each batch is one transaction: what is reported as imported stays, even when a later batch fails.
 */
export async function importTickets(request: ImportRequest): Promise<ImportReport> {
  const counts = { lines: 0, imported: 0, skipped: 0, refused: 0 };
  const rejected: RefusedLine[] = [];
  const flush = async (batch: readonly SourceTicket[]) => {
    const imported = await importBatch(request, batch);
    counts.imported += imported;
    counts.skipped += batch.length - imported;
    request.onProgress({ ...counts });
  };
  let batch: SourceTicket[] = [];
  let size = 0;
  for await (const line of request.lines) {
    counts.lines += 1;
    const text = counts.lines === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.trim() === '') continue;
    const parsed = parseLine(text);
    if (parsed.ok) {
      batch.push(parsed.ticket);
      size += text.length;
    } else {
      counts.refused += 1;
      if (rejected.length < MAX_REJECTED) rejected.push({ line: counts.lines, reason: parsed.reason });
    }
    if (batch.length < BATCH_TICKETS && size < BATCH_CHARACTERS) continue;
    await flush(batch);
    batch = [];
    size = 0;
  }
  await flush(batch);
  return { ...counts, rejected };
}

/** How many of the batch were new. */
async function importBatch(request: ImportRequest, batch: readonly SourceTicket[]): Promise<number> {
  const { pool, projectId } = request;
  const known = await readKnownSources(
    pool,
    projectId,
    batch.map((ticket) => ticket.sourceId),
  );
  const converted = await convertAll(
    batch.filter((ticket) => !known.has(ticket.sourceId)),
    request.clock(),
  );
  if (converted.length === 0) return 0;
  return inTransaction(pool, (tx) => writeBatch(tx, request, converted));
}

/** Computing for long stretches would hold up everybody else's requests. */
async function convertAll(tickets: readonly SourceTicket[], now: Date): Promise<ConvertedTicket[]> {
  const converted: ConvertedTicket[] = [];
  const seen = new Set<string>();
  for (const ticket of tickets) {
    if (seen.has(ticket.sourceId)) continue;
    seen.add(ticket.sourceId);
    converted.push(convertTicket(ticket, now));
    await breathe();
  }
  return converted;
}
