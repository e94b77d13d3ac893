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
  const refuse = (line: number, reason: string) => {
    counts.refused += 1;
    if (rejected.length < MAX_REJECTED) rejected.push({ line, reason });
  };
  const flush = async (batch: readonly Entry[]) => {
    const { imported, unusable } = await importBatch(request, batch);
    for (const { line, reason } of unusable) refuse(line, reason);
    counts.imported += imported;
    counts.skipped += batch.length - imported - unusable.length;
    request.onProgress({ ...counts });
  };
  let batch: Entry[] = [];
  let size = 0;
  for await (const line of request.lines) {
    counts.lines += 1;
    const text = counts.lines === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.trim() === '') continue;
    const parsed = parseLine(text);
    if (parsed.ok) {
      batch.push({ line: counts.lines, ticket: parsed.ticket });
      size += text.length;
    } else {
      refuse(counts.lines, parsed.reason);
    }
    if (batch.length < BATCH_TICKETS && size < BATCH_CHARACTERS) continue;
    await flush(batch);
    batch = [];
    size = 0;
  }
  await flush(batch);
  return { ...counts, rejected };
}

interface Entry {
  readonly line: number;
  readonly ticket: SourceTicket;
}

/** How many of the batch were new, and the lines whose description could not be made. */
async function importBatch(
  request: ImportRequest,
  batch: readonly Entry[],
): Promise<{ imported: number; unusable: RefusedLine[] }> {
  const { pool, projectId } = request;
  const sourceIds = batch.map(({ ticket }) => ticket.sourceId);
  const known = await readKnownSources(pool, projectId, sourceIds);
  const fresh = batch.filter(({ ticket }) => !known.has(ticket.sourceId));
  const { converted, unusable } = await convertAll(fresh, request.clock());
  if (converted.length === 0) return { imported: 0, unusable };
  return { imported: await inTransaction(pool, (tx) => writeBatch(tx, request, converted)), unusable };
}

/** Computing for long stretches would hold up everybody else's requests. */
async function convertAll(entries: readonly Entry[], now: Date) {
  const converted: ConvertedTicket[] = [];
  const unusable: RefusedLine[] = [];
  const seen = new Set<string>();
  for (const { line, ticket } of entries) {
    if (seen.has(ticket.sourceId)) continue;
    seen.add(ticket.sourceId);
    const result = tryConvert(ticket, now);
    if (result.ok) converted.push(result.ticket);
    else unusable.push({ line, reason: result.reason });
    await breathe();
  }
  return { converted, unusable };
}

type Conversion = { ok: true; ticket: ConvertedTicket } | { ok: false; reason: string };

/** The editor's libraries give up on a body with tens of thousands of lines in one paragraph. */
function tryConvert(ticket: SourceTicket, now: Date): Conversion {
  try {
    return { ok: true, ticket: convertTicket(ticket, now) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `body: cannot be made a description (${detail})` };
  }
}
