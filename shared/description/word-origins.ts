import type { JSONContent } from '@tiptap/core';
import { diffDocuments } from './diff.ts';
import { CHANGE } from './diff-schema.ts';
import { documentSchema } from './schema.ts';

/** Whose words they are in a merge of two sides; `neither`: letters of both in one word, or written since. */
export type Origin = 'theirs' | 'yours' | 'both' | 'neither';

/** A stretch of a document, in ProseMirror's positions. */
export interface OriginRange {
  readonly from: number;
  readonly to: number;
  readonly origin: Origin;
}

export interface Sides {
  readonly base: JSONContent;
  readonly theirs: JSONContent;
  readonly yours: JSONContent;
}

/**
 * What a document says that the base did not, and which side said it: words that are not new since theirs are
 * theirs, words that are not new since yours are yours.
 */
export function wordOrigins(document: JSONContent, { base, theirs, yours }: Sides): OriginRange[] {
  const sinceTheirs = newPositions(theirs, document);
  const sinceYours = newPositions(yours, document);
  const ranges: OriginRange[] = [];
  for (const [at, letter] of newPositions(base, document)) {
    const last = ranges.at(-1);
    const goesOn = last?.to === at;
    // A space is nobody's: it goes with the word before it.
    const isSpace = letter.trim() === '';
    const origin = isSpace ? last?.origin : originOf(!sinceTheirs.has(at), !sinceYours.has(at));
    if (goesOn && last.origin === origin) ranges[ranges.length - 1] = { ...last, to: at + 1 };
    else if (!isSpace && origin) ranges.push({ from: at, to: at + 1, origin });
  }
  return ranges;
}

/** Unicode's stand-in for what is no letter. */
const OBJECT = '\ufffc';

function originOf(isTheirs: boolean, isYours: boolean): Origin {
  if (isTheirs) return isYours ? 'both' : 'theirs';
  return isYours ? 'yours' : 'neither';
}

/** The letters, images and the like in `after` that `before` does not have, by their positions, in order. */
function newPositions(before: JSONContent, after: JSONContent): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  let at = 0;
  const visit = (node: JSONContent) => {
    const change = changeOf(node);
    if (change === 'removed') return;
    const letters = node.text ?? (documentSchema.nodes[node.type ?? '']?.isLeaf ? OBJECT : undefined);
    if (letters === undefined) {
      at += 1;
      node.content?.forEach(visit);
      at += 1;
      return;
    }
    for (let index = 0; index < letters.length; index += 1, at += 1) {
      if (change === 'added') found.set(at, letters.charAt(index));
    }
  };
  diffDocuments(before, after).content?.forEach(visit);
  return found;
}

const changeOf = ({ attrs, marks }: JSONContent): unknown =>
  attrs?.[CHANGE] ?? marks?.find(({ type }) => type === CHANGE)?.attrs?.kind;
