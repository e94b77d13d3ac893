import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

/** One keystroke or so of one of two people, made in the document that `parents` lead to. */
export interface TraceStep {
  readonly parents: readonly number[];
  readonly agent: number;
  /** Position, characters to delete, text to insert. */
  readonly patches: readonly (readonly [number, number, string])[];
}

const trace = z.object({
  endContent: z.string(),
  txns: z.array(
    z.object({
      parents: z.array(z.number()),
      agent: z.number(),
      patches: z.array(z.tuple([z.number(), z.number(), z.string()])),
    }),
  ),
});

const FILE = new URL('../../../shared/data/editing-traces/friendsforever.json.gz', import.meta.url);

/** A document that two people really wrote together (editing-traces, kind "concurrent"); null where it is missing. */
export function readTwoAuthorTrace(): { endContent: string; steps: readonly TraceStep[] } | null {
  const path = process.env.REJOIN_TWO_AUTHOR_TRACE ?? fileURLToPath(FILE);
  if (!existsSync(path)) return null;
  const { endContent, txns } = trace.parse(JSON.parse(gunzipSync(readFileSync(path)).toString()));
  return { endContent, steps: txns };
}
