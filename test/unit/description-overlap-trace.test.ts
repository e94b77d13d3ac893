import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { copiesOf, documentOf, meet, paragraph, read, write } from '../support/meetings.ts';
import { readTwoAuthorTrace, relive, type TraceStep } from '../support/trace.ts';

const trace = readTwoAuthorTrace();
if (!trace)
  process.stderr.write(
    'Skipped: the two-author trace friendsforever.json.gz is not beside this repository.\n',
  );

/** A character, or a line break, of the real document, whoever holds it. */
interface Sign {
  readonly key: string;
  readonly sign: string;
}

describe.skipIf(!trace)(
  'D11 on what two people really wrote, cut into offline sessions',
  { timeout: 120_000 },
  () => {
    it.each([1_000, 4_000])(
      'reports an overlap exactly where both touched a paragraph, meeting every %i steps',
      (length) => {
        const sessions = replay(trace?.steps ?? [], length).map(live);
        let certain = 0;
        for (const [index, { found, certainly, possibly }] of sessions.entries()) {
          for (const line of certainly) expect(found, `session ${index}, line ${line}`).toContain(line);
          for (const line of found) expect(possibly, `session ${index}, line ${line}`).toContain(line);
          certain += certainly.length;
        }
        // The trace has both kinds, or this would prove nothing.
        expect(certain).toBeGreaterThan(1);
        expect(sessions.some(({ found }) => found.length === 0)).toBe(true);
      },
    );
  },
);

interface Edit {
  readonly agent: number;
  /** The sign it stands behind in the author's own copy; null at the beginning. */
  readonly after: string | null;
  readonly removed: readonly Sign[];
  readonly inserted: readonly Sign[];
}

interface OfflineSession {
  readonly base: readonly Sign[];
  readonly edits: readonly Edit[];
}

/** Replays the trace with one copy for each author, and notes each edit by the signs beside it. */
function replay(steps: readonly TraceStep[], length: number): OfflineSession[] {
  const copies = [new Y.Doc(), new Y.Doc()];
  const signs = new Map<string, string>();
  const sessions: OfflineSession[] = [];
  let edits: Edit[] = [];
  let base: Sign[] = [];
  const note = (copy: Y.Doc, step: TraceStep, index: number) =>
    edits.push(...perform(copy, step, index, signs));
  for (const { index } of relive(steps, copies, note)) {
    if ((index + 1) % length === 0) {
      sessions.push({ base, edits });
      edits = [];
      base = mergedSigns(copies, signs);
    }
  }
  return sessions.slice(1);
}

function perform(copy: Y.Doc, step: TraceStep, index: number, signs: Map<string, string>): Edit[] {
  const text = copy.getArray<string>('signs');
  const signOf = (key: string): Sign => ({ key, sign: signs.get(key) ?? '' });
  return step.patches.map(([position, length, added], patch) => {
    const removed = text.slice(position, position + length).map(signOf);
    const inserted = [...added].map((sign, place) => ({ key: `${index}.${patch}.${place}`, sign }));
    for (const { key, sign } of inserted) signs.set(key, sign);
    const after = position > 0 ? (text.get(position - 1) ?? null) : null;
    if (length > 0) text.delete(position, length);
    if (inserted.length > 0)
      text.insert(
        position,
        inserted.map(({ key }) => key),
      );
    return { agent: step.agent, after, removed, inserted };
  });
}

function mergedSigns(copies: readonly Y.Doc[], signs: ReadonlyMap<string, string>): Sign[] {
  const merged = new Y.Doc();
  for (const copy of copies) Y.applyUpdate(merged, Y.encodeStateAsUpdate(copy));
  return merged
    .getArray<string>('signs')
    .toArray()
    .map((key) => ({ key, sign: signs.get(key) ?? '' }));
}

/** One session as both lived it: what they typed on copies of their own, which then met. */
function live(session: OfflineSession) {
  const lines = linesOf(session.base);
  const copies = copiesOf(documentOf(...lines.map(paragraph)));
  const ids = new Map((read(copies.server).content ?? []).map((node, line) => [node.id, line]));
  const one = typeAll(copies.server, session, 0);
  const other = typeAll(copies.device, session, 1);
  const found = meet(copies).map((overlap) => ids.get(overlap.id) ?? -1);
  return { found, ...touchedByBoth(session.base, one, other) };
}

interface Typed {
  readonly end: readonly Sign[];
  /** Base lines whose words changed, and those where lines were broken or joined. */
  readonly inWords: ReadonlySet<number>;
  readonly inLines: ReadonlySet<number>;
}

/**
 * What one author typed, as far as it builds on what they have: words of the other are not there yet. Edits within
 * lines reach the copy together, each break or joining of lines by itself, as an editor's would.
 */
function typeAll(copy: Y.Doc, { base, edits }: OfflineSession, agent: number): Typed {
  const own = [...base];
  const lineOf = linesByKey(base);
  const [inWords, inLines] = [new Set<number>(), new Set<number>()];
  for (const edit of edits.filter((other) => other.agent === agent)) {
    const breaks = [...edit.removed, ...edit.inserted].some(({ sign }) => sign === '\n');
    if (breaks) write(copy, documentOf(...linesOf(own).map(paragraph)));
    for (const line of [
      baseLineAt(own, edit.after, lineOf),
      ...edit.removed.flatMap(({ key }) => lineOf.get(key) ?? []),
    ]) {
      if (breaks) for (const near of [line - 1, line, line + 1]) inLines.add(near);
      else inWords.add(line);
    }
    change(own, edit);
    if (breaks) write(copy, documentOf(...linesOf(own).map(paragraph)));
  }
  write(copy, documentOf(...linesOf(own).map(paragraph)));
  return { end: own, inWords, inLines: spread(base, inLines) };
}

function change(own: Sign[], { removed, inserted, after }: Edit): void {
  for (const { key } of removed) {
    const at = own.findIndex((sign) => sign.key === key);
    if (at >= 0) own.splice(at, 1);
  }
  const place = after === null ? 0 : own.findIndex(({ key }) => key === after) + 1;
  if (after === null || place > 0) own.splice(place, 0, ...inserted);
}

/**
 * From the signs alone, without Yjs or blocks: which base lines both authors changed. Where somebody broke or joined
 * lines, which of them is "the" line is a matter of opinion: those and their neighbours are only possible.
 */
function touchedByBoth(base: readonly Sign[], one: Typed, other: Typed) {
  const lines = linesOf(base);
  const keys = keysOfLines(base);
  const isLeftEqual = (line: number): boolean => {
    const ends = [one, other].map(({ end }) => lineAround(end, keys[line] ?? new Set()));
    return ends[0] === ends[1] || ends.includes(lines[line]);
  };
  const certainly = [...one.inWords].filter(
    (line) =>
      other.inWords.has(line) && !one.inLines.has(line) && !other.inLines.has(line) && !isLeftEqual(line),
  );
  const theirs = new Set([...other.inWords, ...other.inLines]);
  return { certainly, possibly: [...one.inWords, ...one.inLines].filter((line) => theirs.has(line)) };
}

function linesByKey(base: readonly Sign[]): Map<string, number> {
  const lineOf = new Map<string, number>();
  let line = 0;
  for (const { key, sign } of base) {
    lineOf.set(key, line);
    if (sign === '\n') line += 1;
  }
  return lineOf;
}

/** Empty lines are alike: which of several next to each other came or went cannot be told. */
function spread(base: readonly Sign[], touched: ReadonlySet<number>): Set<number> {
  const lines = linesOf(base);
  const result = new Set(touched);
  for (const start of touched) {
    for (const step of [-1, 1]) {
      for (let at = start + step; lines[at] === '' || lines[at - step] === ''; at += step) {
        if (lines[at] === undefined) break;
        result.add(at);
      }
    }
  }
  return result;
}

/** The base line in which a place in an author's copy lies. */
function baseLineAt(own: readonly Sign[], after: string | null, lineOf: ReadonlyMap<string, number>): number {
  const place = after === null ? -1 : own.findIndex(({ key }) => key === after);
  for (let at = place; at >= 0; at -= 1) {
    const line = lineOf.get(own[at]?.key ?? '');
    if (line !== undefined) return own[at]?.sign === '\n' ? line + 1 : line;
  }
  return 0;
}

function keysOfLines(base: readonly Sign[]): Set<string>[] {
  const lines: Set<string>[] = [new Set()];
  for (const { key, sign } of base) {
    if (sign === '\n') lines.push(new Set());
    else lines.at(-1)?.add(key);
  }
  return lines;
}

/** The text of the line that holds one of these signs. */
function lineAround(signs: readonly Sign[], keys: ReadonlySet<string>): string | undefined {
  const at = signs.findIndex(({ key }) => keys.has(key));
  if (at < 0) return undefined;
  const start = signs.findLastIndex(({ sign }, place) => place < at && sign === '\n') + 1;
  const end = signs.findIndex(({ sign }, place) => place >= at && sign === '\n');
  return signs
    .slice(start, end < 0 ? undefined : end)
    .map(({ sign }) => sign)
    .join('');
}

const linesOf = (signs: readonly Sign[]): string[] =>
  signs
    .map(({ sign }) => sign)
    .join('')
    .split('\n');
