import type * as Y from 'yjs';
import { FRAGMENT } from './fragment.ts';
import type { Meeting } from './overlap.ts';
import { commonPoint, documentAt, mergedPoint, type Point } from './overlap-points.ts';
import { type IdentifiedNode, identifiedDocument } from './overlap-units.ts';

/**
 * The four documents of a meeting (D11), out of a history that holds both sides (`gc: false`) and the two points
 * at which they met. Base is what both points have in common: the last thing this device shared with the server.
 */
export function meetingOf(
  history: Y.Doc,
  { theirs, yours }: { theirs: Point; yours: Point },
): Meeting<IdentifiedNode> {
  return {
    base: at(history, commonPoint(theirs, yours)),
    theirs: at(history, theirs),
    yours: at(history, yours),
    merged: at(history, mergedPoint(theirs, yours)),
  };
}

function at(history: Y.Doc, point: Point): IdentifiedNode {
  const doc = documentAt(history, point);
  const document = identifiedDocument(doc.getXmlFragment(FRAGMENT));
  doc.destroy();
  return document;
}
