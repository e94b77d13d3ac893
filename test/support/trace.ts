import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
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

/** What one step wrote, in the form that travels. */
export interface WrittenStep {
  readonly index: number;
  readonly agent: number;
  readonly update: Uint8Array;
  /** The last step of the other author that this one's author had seen; -1 when none. */
  readonly seen: number;
}

/**
 * Lives through the trace with one copy for each author, which at each step holds exactly what its author had then:
 * their own words, and those of the other that had reached them.
 */
export function* relive(
  steps: readonly TraceStep[],
  copies: readonly Y.Doc[],
  perform: (copy: Y.Doc, step: TraceStep, index: number) => void,
): Generator<WrittenStep> {
  const written: WrittenStep[] = [];
  const brought = copies.map(() => 0);
  for (const [index, step] of steps.entries()) {
    const { agent, parents } = step;
    const own = copies[agent];
    if (!own) throw new Error(`Step ${index} is by author ${agent}; the trace should have two.`);
    // A parent by the other author brings all that the other wrote up to it; an own one, what was known then.
    const seen = Math.max(-1, ...parents.map((at) => seenThrough(written[at], agent)));
    for (const other of written.slice(brought[agent], seen + 1)) {
      if (other.agent !== agent) Y.applyUpdate(own, other.update);
    }
    brought[agent] = Math.max(brought[agent] ?? 0, seen + 1);
    const update = updateOf(own, () => perform(own, step, index));
    const result = { index, agent, update, seen };
    written.push(result);
    yield result;
  }
}

function seenThrough(parent: WrittenStep | undefined, agent: number): number {
  if (!parent) return -1;
  return parent.agent === agent ? parent.seen : parent.index;
}

function updateOf(copy: Y.Doc, change: () => void): Uint8Array {
  const updates: Uint8Array[] = [];
  const note = (update: Uint8Array) => updates.push(update);
  copy.on('update', note);
  copy.transact(change);
  copy.off('update', note);
  return Y.mergeUpdates(updates);
}
